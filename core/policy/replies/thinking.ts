import type { ReplyParts, SplitOptions } from './types.ts';

/** How models of today fence their thinking: Qwen, DeepSeek, Kimina, OProver; Magistral; Seed; gpt-oss. */
const TAGS: readonly (readonly [open: string, close: string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<reasoning>', '</reasoning>'],
  ['[THINK]', '[/THINK]'],
  ['<seed:think>', '</seed:think>'],
  ['<|channel|>analysis<|message|>', '<|channel|>final<|message|>'],
];
const OPENERS = TAGS.map(([open]) => open);
const CLOSERS = TAGS.map(([, close]) => close);
const LONGEST = Math.max(...TAGS.flat().map((tag) => tag.length));

/** A piece of a reply. `reclassified`: all that was told so far as an answer was thinking text after all. */
export type SplitEvent =
  { readonly type: 'thinking' | 'answer'; readonly text: string } | { readonly type: 'reclassified' };

/**
 * Tells thinking text from the answer while a reply streams in. What it says does not depend on how the reply is cut
 * into chunks. An opening tag counts only at a line's start. A closing tag without an opening one ends thinking text
 * that began before the reply did.
 */
export class ThinkingSplitter {
  /** The tags that would end the thinking text; none inside the answer. */
  #closers: readonly string[];
  #tagSeen = false;
  /** Only blanks stand before this place on its line. */
  #lineStart = true;
  /** The end of the text so far that may be the start of a tag. */
  #held = '';

  constructor({ startsInThinking = false }: SplitOptions = {}) {
    this.#closers = startsInThinking ? CLOSERS : [];
  }

  get thinking(): boolean {
    return this.#closers.length > 0;
  }

  push(chunk: string): SplitEvent[] {
    const events: SplitEvent[] = [];
    const text = this.#held + chunk;
    let told = 0;
    let at = 0;
    const tell = (): void => {
      if (at > told) events.push({ type: this.thinking ? 'thinking' : 'answer', text: text.slice(told, at) });
    };
    while (at < text.length) {
      const character = text.charAt(at);
      if (character === '<' || character === '[') {
        const ahead = text.slice(at, at + LONGEST);
        const expected = this.#expected();
        const tag = expected.find((candidate) => ahead.startsWith(candidate));
        if (tag !== undefined) {
          tell();
          at += tag.length;
          told = at;
          if (this.#meet(tag)) events.push({ type: 'reclassified' });
          continue;
        }
        const partial = at + ahead.length === text.length;
        if (partial && expected.some((candidate) => candidate.startsWith(ahead))) break;
      }
      if (character === '\n') this.#lineStart = true;
      else if (character !== ' ' && character !== '\t' && character !== '\r') this.#lineStart = false;
      at += 1;
    }
    tell();
    this.#held = text.slice(at);
    return events;
  }

  /** What was held back: a reply may end with half a tag. */
  end(): SplitEvent[] {
    const text = this.#held;
    this.#held = '';
    return text === '' ? [] : [{ type: this.thinking ? 'thinking' : 'answer', text }];
  }

  #expected(): readonly string[] {
    if (this.thinking) return this.#closers;
    if (this.#tagSeen) return this.#lineStart ? OPENERS : [];
    return this.#lineStart ? [...OPENERS, ...CLOSERS] : CLOSERS;
  }

  /** True where the tag tells that the answer so far was none. */
  #meet(tag: string): boolean {
    const late = !this.thinking && CLOSERS.includes(tag);
    const opened = this.thinking || late ? undefined : TAGS.find(([open]) => open === tag);
    this.#closers = opened === undefined ? [] : [opened[1]];
    this.#tagSeen = true;
    this.#lineStart = true;
    return late;
  }
}

/** Thinking text and answer as they are told apart piece by piece. */
export class PartsCollector {
  #thinking = '';
  #answer = '';

  add(event: SplitEvent): void {
    if (event.type === 'thinking') this.#thinking += event.text;
    else if (event.type === 'answer') this.#answer += event.text;
    else {
      this.#thinking += this.#answer;
      this.#answer = '';
    }
  }

  parts(thinkingEnded: boolean): ReplyParts {
    return { thinking: this.#thinking, answer: this.#answer, thinkingEnded };
  }
}

/** A whole reply, its thinking text apart. */
export function splitReply(reply: string, options: SplitOptions = {}): ReplyParts {
  const splitter = new ThinkingSplitter(options);
  const collector = new PartsCollector();
  for (const event of [...splitter.push(reply), ...splitter.end()]) collector.add(event);
  return collector.parts(!splitter.thinking);
}
