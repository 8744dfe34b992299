import { lexLean, type LeanToken } from './lean-tokens.ts';
import type { Hole } from './types.ts';

/** `sorry` and `admit` outside comments and strings, in order. */
export function findHoles(source: string): Hole[] {
  return lexLean(source).flatMap((token) => {
    const word = holeWord(token);
    return word === undefined ? [] : [{ word, line: token.line + 1 }];
  });
}

/** The hole that a token is, if any. */
export function holeWord({ kind, text }: Pick<LeanToken, 'kind' | 'text'>): Hole['word'] | undefined {
  return kind === 'word' && (text === 'sorry' || text === 'admit') ? text : undefined;
}
