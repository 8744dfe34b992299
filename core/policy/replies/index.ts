/**
 * What a language model answered, as a submission for the judge. The model's restatement of the theorem is never used.
 *
 *     const monitor = new ReplyMonitor({ target: statement.name, startsInThinking });
 *     for await (const chunk of chunks) if (monitor.push(chunk) !== undefined) break;
 *     const { text, stop } = monitor.finish();
 *     const reading = readReply(statement, text, { startsInThinking });
 *     if (reading.kind === 'submission') yield { submission: reading.submission, response: text };
 */
export { grammarFor } from './grammar.ts';
export { findHoles } from './holes.ts';
export { ReplyMonitor, type Monitored } from './monitor.ts';
export { readReply } from './read-reply.ts';
export { splitReply } from './thinking.ts';
export type * from './types.ts';
