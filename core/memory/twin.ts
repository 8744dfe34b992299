import { contentId, type Statement } from '../record/index.ts';
import { boundNames } from './bound-names.ts';
import { statementParts } from './statement-parts.ts';
import type { LeanToken } from './lean-tokens.ts';

/**
 * The same for two statements that say the same thing under other names: theorem name, bound variables, spacing,
 * comments, ASCII or Unicode spelling, imports and environment do not count; the definitions in use do. Whoever
 * retrieves for a statement must not be handed the proof of its twin.
 */
export function twinKey(statement: Pick<Statement, 'header' | 'formal'>): string {
  const { hypotheses, conclusion, declarations } = statementParts(statement);
  const body = [...hypotheses, { kind: 'operator', text: '⊢' } as const, ...conclusion];
  return contentId({
    body: canonicalText(body),
    declarations: declarations.map(({ tokens }) => canonicalText(tokens)),
  });
}

function canonicalText(tokens: readonly LeanToken[]): string {
  const bound = boundNames(tokens);
  const numbers = new Map<string, number>();
  return tokens
    .map(({ kind, text }) => {
      if (kind !== 'identifier') return text;
      const [head = '', ...fields] = text.split('.');
      if (!bound.has(head)) return text;
      const number = numbers.get(head) ?? numbers.size;
      numbers.set(head, number);
      return [`§${number}`, ...fields].join('.');
    })
    .join(' ');
}
