/**
 * What a language model answered, as a submission for the judge. The model's restatement of the theorem is never used.
 *
 *     const monitor = new ReplyMonitor({ target: statement.name, startsInThinking });
 *     for await (const chunk of tokens) if (monitor.push(chunk) !== undefined) break;
 *     const { text, stop } = monitor.finish();
 *     const reading = readReply(statement, text, { startsInThinking });
 *     if (reading.kind === 'submission') yield { submission: reading.submission, response: text };
 *
 * - `readReply(statement, reply: string, options?: SplitOptions): ReplyReading`
 * - `splitReply(reply: string, options?: SplitOptions): ReplyParts`
 * - `class ReplyMonitor`: `push(chunk): MonitorStop | undefined` (once it has said stop it stays so),
 *   `finish(): { text, parts: ReplyParts, stop?: MonitorStop }`, `thinking: boolean` (inside thinking text now)
 * - `findHoles(source: string): Hole[]`
 */
export type * from './types.ts';
