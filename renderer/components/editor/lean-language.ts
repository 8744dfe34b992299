import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { tags } from '@lezer/highlight';
import { LEAN_START, lexPiece, type LeanLexerState } from '../lean/lexer.ts';

const language = StreamLanguage.define<{ lexer: LeanLexerState }>({
  name: 'lean4',
  startState: () => ({ lexer: LEAN_START }),
  copyState: ({ lexer }) => ({ lexer }),
  token: (stream, state) => {
    const piece = lexPiece(stream.string, stream.pos, state.lexer);
    stream.pos = Math.min(Math.max(piece.to, stream.pos + 1), stream.string.length);
    state.lexer = piece.state;
    return piece.token ?? null;
  },
  languageData: { commentTokens: { line: '--', block: { open: '/-', close: '-/' } } },
  tokenTable: {
    keyword: tags.keyword,
    tactic: tags.function(tags.keyword),
    sorry: tags.invalid,
    type: tags.typeName,
    comment: tags.comment,
    string: tags.string,
    number: tags.number,
    operator: tags.operator,
    attribute: tags.meta,
    bracket: tags.bracket,
  },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--lean-keyword)', fontWeight: '600' },
  { tag: tags.function(tags.keyword), color: 'var(--lean-tactic)' },
  { tag: tags.invalid, color: 'var(--bad)', fontWeight: '600' },
  { tag: tags.typeName, color: 'var(--lean-type)' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
  { tag: tags.string, color: 'var(--lean-string)' },
  { tag: tags.number, color: 'var(--lean-number)' },
  { tag: tags.operator, color: 'var(--ink-2)' },
  { tag: tags.meta, color: 'var(--lean-string)' },
  { tag: tags.bracket, color: 'var(--ink-2)' },
]);

export const lean = (): Extension => [language, syntaxHighlighting(colours)];
