import { readCommands } from './commands.ts';
import { FenceReader, maybeLean, type FenceEvent } from './fences.ts';
import { holeWord } from './holes.ts';
import { RepetitionDetector } from './repetition.ts';
import { isNamed, provesTarget } from './target.ts';
import { isRestatement, readProved } from './theorems.ts';
import { PartsCollector, ThinkingSplitter, type SplitEvent } from './thinking.ts';
import type { MonitorOptions, MonitorStop, ReplyParts } from './types.ts';

/** UTF-16 code units; a longer statement that is repeated with `sorry` counts as a sketch. */
const LONGEST_TASK = 8_000;

/** What a monitor has seen when generation is over. */
export interface Monitored {
  /** The reply up to the chunk that made it stop. */
  readonly text: string;
  readonly parts: ReplyParts;
  readonly stop?: MonitorStop;
}

/**
 * Watches a reply while it is generated and says when more of it is of no use: a closed block proves the target, or
 * the text runs in circles, or the model leaves holes again, or it has said too much.
 */
export class ReplyMonitor {
  readonly #options: Required<Omit<MonitorOptions, 'startsInThinking'>>;
  readonly #splitter: ThinkingSplitter;
  readonly #collector = new PartsCollector();
  readonly #repetition = new RepetitionDetector();
  #fences = new FenceReader();
  #text = '';
  /** The line of the answer that has not ended yet. */
  #line = '';
  #lengths = { thinking: 0, answer: 0 };
  /** Blocks with holes so far, and whether the open one has some. */
  #sketches = 0;
  #sketching = false;
  #stop: MonitorStop | undefined;

  constructor({
    target,
    sketches = 1,
    maxThinking = 200_000,
    maxAnswer = 100_000,
    ...split
  }: MonitorOptions) {
    this.#options = { target, sketches, maxThinking, maxAnswer };
    this.#splitter = new ThinkingSplitter(split);
  }

  /** Inside thinking text now. */
  get thinking(): boolean {
    return this.#splitter.thinking;
  }

  /** Takes the next piece of the reply. Once it has said why to stop, it says so again and takes nothing more. */
  push(chunk: string): MonitorStop | undefined {
    if (this.#stop !== undefined) return this.#stop;
    this.#text += chunk;
    for (const event of this.#splitter.push(chunk)) this.#take(event);
    const loop = this.#repetition.push(chunk);
    if (loop !== undefined) this.#stop ??= { kind: 'repetition', ...loop };
    return this.#stop;
  }

  /** Ends the reply, whether the model ended it or the caller stopped it. */
  finish(): Monitored {
    for (const event of this.#splitter.end()) this.#take(event);
    if (this.#stop === undefined && this.#line !== '') this.#answerLine(this.#line);
    this.#line = '';
    const parts = this.#collector.parts(!this.#splitter.thinking);
    return { text: this.#text, parts, ...(this.#stop !== undefined && { stop: this.#stop }) };
  }

  #take(event: SplitEvent): void {
    this.#collector.add(event);
    if (event.type === 'reclassified') {
      this.#lengths = { thinking: this.#lengths.thinking + this.#lengths.answer, answer: 0 };
      this.#fences = new FenceReader();
      this.#line = '';
      this.#sketches = 0;
      this.#sketching = false;
      return;
    }
    this.#lengths[event.type] += event.text.length;
    const limit = event.type === 'thinking' ? this.#options.maxThinking : this.#options.maxAnswer;
    const characters = this.#lengths[event.type];
    if (characters > limit) this.#stop ??= { kind: 'too-long', part: event.type, characters };
    if (event.type === 'answer') this.#answer(event.text);
  }

  #answer(text: string): void {
    const lines = text.split('\n');
    lines[0] = this.#line + (lines[0] ?? '');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#answerLine(line);
  }

  #answerLine(line: string): void {
    for (const event of this.#fences.line(line.replace(/\r$/, ''))) this.#fence(event);
  }

  #fence(event: FenceEvent): void {
    if (event.type === 'code') {
      if (this.#sketching) return;
      const word = event.tokens.map(holeWord).find((found) => found !== undefined);
      if (word === undefined || this.#repeatsTask()) return;
      this.#sketching = true;
      this.#sketches += 1;
      if (this.#sketches > this.#options.sketches) this.#stop ??= { kind: 'hole', word };
      return;
    }
    this.#sketching = false;
    const { block } = event;
    if (block.closed && maybeLean(block) && provesTarget(block.code, this.#options.target)) {
      this.#stop ??= { kind: 'complete' };
    }
  }

  /** The open block's last command is the theorem with `sorry` for its proof, as the task states it. */
  #repeatsTask(): boolean {
    const last = readCommands(this.#fences.code.slice(-LONGEST_TASK)).at(-1);
    const proved = last === undefined ? undefined : readProved(last);
    return proved !== undefined && isNamed(proved.name, this.#options.target) && isRestatement(proved);
  }
}
