import { CODE, lexLine, type LeanToken, type LexState } from './lean-tokens.ts';

/** A fenced block of a reply. */
export interface Block {
  readonly code: string;
  /** The first word after the fence, in lower case. */
  readonly language: string;
  /** False where the text, or the next block, began before this one was closed. */
  readonly closed: boolean;
}

/** What a line did to a block. */
export type FenceEvent =
  | { readonly type: 'code'; readonly tokens: readonly LeanToken[] }
  | { readonly type: 'block'; readonly block: Block };

const LEAN = new Set(['lean', 'lean4', 'lean-4', 'tactics', 'tactic']);
/** Blocks in a block: the outer one is text. */
const CONTAINERS = new Set(['markdown', 'md']);
/** Texts inside blocks that are read again: a reply may hold such blocks by the thousand. */
const MAX_DEPTH = 8;
const OPENING = /^([ \t>]*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?)(`{3,}|~{3,})[ \t]*([^`\n]*)$/;
/** Behind words of a sentence only what says Lean opens a block. */
const LATE_OPENING = /(`{3,})[ \t]*(lean ?4?)[ \t]*$/i;
const ONE_LINE = /^[ \t>]*(`{3,})[ \t]*(lean ?4?)[ \t]+([^`]+)(`{3,})[ \t]*$/i;
const CLOSING = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/;
const LATE_CLOSING = /^(.*[^`])(`{3,})[ \t]*$/;

export const isLean = ({ language }: Pick<Block, 'language'>): boolean => LEAN.has(language);

/** True where a block may be Lean: of those in other languages it is certain that they are not. */
export const maybeLean = (block: Pick<Block, 'language'>): boolean => isLean(block) || block.language === '';

interface Open {
  readonly fence: string;
  readonly language: string;
  readonly indentation: number;
  readonly quoted: boolean;
  readonly lines: string[];
  lex: LexState;
}

/**
 * Finds fenced blocks line by line. A fence inside a Lean block comment is a part of the comment; a fence that names a
 * language opens a new block even where one is open, for no line of Lean looks like that.
 */
export class FenceReader {
  #open: Open | undefined;

  /** Code of the block that is open, so far. */
  get code(): string {
    return this.#open?.lines.join('\n') ?? '';
  }

  line(line: string): FenceEvent[] {
    const open = this.#open;
    if (open === undefined) return this.#outside(line);
    const closing = CLOSING.exec(line)?.[1];
    if (closing?.startsWith(open.fence) === true && open.lex.kind !== 'comment') return [this.#close(true)];
    if (closing === undefined && open.fence.startsWith('`') && isReopening(line)) {
      return [this.#close(false), ...this.#outside(line)];
    }
    const late = open.fence === '```' ? LATE_CLOSING.exec(line)?.[1] : undefined;
    if (late !== undefined) {
      const { state, commented } = lexLine(late, open.lex);
      if (state.kind === 'code' && !commented) return [this.#content(open, late), this.#close(true)];
    }
    return [this.#content(open, line)];
  }

  /** What the text's end leaves open. */
  end(): FenceEvent[] {
    return this.#open === undefined ? [] : [this.#close(false)];
  }

  #outside(line: string): FenceEvent[] {
    const single = ONE_LINE.exec(line);
    if (single !== null && single[1] === single[4]) {
      const block = { code: (single[3] ?? '').trim(), language: language(single[2]), closed: true };
      return [{ type: 'block', block }];
    }
    const opening = OPENING.exec(line);
    if (opening !== null) {
      const [, lead = '', fence = '```', info = ''] = opening;
      const [word = '', ...more] = info.trim().split(/[ \t]+/);
      const four = /^lean$/i.test(word) && more[0] === '4';
      const open = this.#begin(fence, language(four ? 'lean4' : word), lead);
      // Some models go on behind the language without a new line.
      const rest = (four ? more.slice(1) : more).join(' ');
      if (rest === '' || !LEAN.has(language(word)) || /^[{[(]|=/.test(rest.slice(0, 1))) return [];
      return [this.#content(open, rest)];
    }
    const late = LATE_OPENING.exec(line);
    if (late !== null) this.#begin(late[1] ?? '```', language(late[2]), '');
    return [];
  }

  #begin(fence: string, name: string, lead: string): Open {
    const indentation = lead.replace(/>/g, ' ').length;
    const open: Open = {
      fence,
      language: name,
      indentation,
      quoted: lead.includes('>'),
      lines: [],
      lex: CODE,
    };
    this.#open = open;
    return open;
  }

  #content(open: Open, line: string): FenceEvent {
    const inner = open.quoted ? line.replace(/^[ \t]*>[ \t]?/, '') : dedent(line, open.indentation);
    const { tokens, state } = maybeLean(open) ? lexLine(inner, open.lex, open.lines.length) : IGNORED;
    open.lines.push(inner);
    open.lex = state;
    return { type: 'code', tokens };
  }

  #close(closed: boolean): FenceEvent {
    const { language: name = '' } = this.#open ?? {};
    const block = { code: this.code, language: name, closed };
    this.#open = undefined;
    return { type: 'block', block };
  }
}

const IGNORED = { tokens: [], state: CODE } as const;

/** All blocks of a text, in order. */
export function fencedBlocks(text: string, depth = 0): Block[] {
  if (depth > MAX_DEPTH) return [];
  const reader = new FenceReader();
  const blocks = text.split('\n').flatMap((line) => blocksOf(reader.line(line)));
  const last = blocksOf(reader.end()).flatMap((block) => closeAfterAll(block, depth));
  return [...blocks, ...last].flatMap((block) =>
    CONTAINERS.has(block.language) ? fencedBlocks(block.code, depth + 1) : [block],
  );
}

/** Where a comment that is never closed hid a block's end, the block ends there, and more may follow. */
function closeAfterAll(block: Block, depth: number): Block[] {
  const lines = block.code.split('\n');
  const end = lines.findIndex((line) => CLOSING.test(line));
  if (end < 0) return [block];
  const code = lines.slice(0, end).join('\n');
  return [{ ...block, code, closed: true }, ...fencedBlocks(lines.slice(end + 1).join('\n'), depth + 1)];
}

const blocksOf = (events: readonly FenceEvent[]): Block[] =>
  events.flatMap((event) => (event.type === 'block' ? [event.block] : []));

const language = (word = ''): string =>
  word
    .toLowerCase()
    .replace(/^lean 4$/, 'lean4')
    .replace(/[^a-z0-9+#-].*$/, '');

function isReopening(line: string): boolean {
  const opening = OPENING.exec(line);
  return (opening !== null && LEAN.has(language(opening[3]?.trim()))) || ONE_LINE.test(line);
}

/** Takes away at most so many blanks at a line's start. */
function dedent(line: string, indentation: number): string {
  let at = 0;
  while (at < indentation && (line[at] === ' ' || line[at] === '\t')) at += 1;
  return line.slice(at);
}
