import type { Position } from '../record/index.ts';
import { lex, type LexDefect, type Token } from './lexer.ts';

/** A token that is neither space nor comment, with what layout-sensitive rules ask of it. */
export interface CodeToken extends Token {
  readonly text: string;
  /** Nothing but space and comments before it on its line. */
  readonly first: boolean;
  /** UTF-16 code units from the line's start. */
  readonly column: number;
}

/** A lexed text: its tokens, its code, and where offsets are. */
export interface SourceText {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly code: readonly CodeToken[];
  readonly defect?: LexDefect;
  position(offset: number): Position;
}

/** Brings a text's line ends to LF, drops a byte order mark, and lexes it. */
export function readSource(raw: string): SourceText {
  const text = raw.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const { tokens, defect } = lex(text);
  const lineStarts = findLineStarts(text);
  const code: CodeToken[] = [];
  let line = 0;
  let codeLine = -1;
  for (const token of tokens) {
    while ((lineStarts[line + 1] ?? Infinity) <= token.start) line++;
    if (token.kind === 'space' || token.kind === 'comment' || token.kind === 'broken') continue;
    const column = token.start - (lineStarts[line] ?? 0);
    code.push({ ...token, text: text.slice(token.start, token.end), first: line !== codeLine, column });
    while ((lineStarts[line + 1] ?? Infinity) < token.end) line++;
    codeLine = line;
  }
  // Places are asked for in order: counting goes on from the last one, for lines that are very long.
  let last = { offset: 0, line: 1, column: 0 };
  const position = (offset: number): Position => {
    const index = lastAtMost(lineStarts, offset);
    const start = lineStarts[index] ?? 0;
    const from = last.line === index + 1 && last.offset <= offset ? last : { offset: start, column: 0 };
    const column = from.column + codePoints(text.slice(from.offset, offset));
    last = { offset, line: index + 1, column };
    return { line: last.line, column };
  };
  return { text, tokens, code, position, ...(defect && { defect }) };
}

/**
 * The text of a span that starts and ends with tokens. Tabs between tokens become blanks, as Lean refuses them there;
 * strings and comments keep theirs.
 */
export function sliceSource(source: SourceText, start: number, end: number): string {
  const slice = source.text.slice(start, end);
  if (!slice.includes('\t')) return slice;
  const parts: string[] = [];
  for (let i = firstTokenAt(source.tokens, start); i < source.tokens.length; i++) {
    const token = source.tokens[i];
    if (token === undefined || token.start >= end) break;
    const part = source.text.slice(Math.max(token.start, start), Math.min(token.end, end));
    parts.push(token.kind === 'space' ? part.replaceAll('\t', '    ') : part);
  }
  return parts.join('');
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function firstTokenAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function codePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count++;
  return count;
}
