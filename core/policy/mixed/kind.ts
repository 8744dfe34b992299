import type { Statement } from '../../record/index.ts';

/** Characters of header and statement. */
const SMALL = 250;
const MEDIUM = 1000;
const MAX_TOPIC = 40;

/**
 * The kinds that a statement belongs to, from all statements to its own difficulty, size and topic: what is not known
 * of a narrow kind is guessed from the wider one.
 */
export function kindsOf(statement: Pick<Statement, 'header' | 'formal' | 'difficulty' | 'topic'>): string[] {
  const length = statement.header.length + statement.formal.length;
  const size = length < SMALL ? 'short' : length < MEDIUM ? 'medium-sized' : 'long';
  const difficulty = statement.difficulty ?? 'of unknown difficulty';
  const topic = (statement.topic ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .slice(0, MAX_TOPIC);
  const kinds = ['all', difficulty, `${difficulty}, ${size}`];
  return topic === '' ? kinds : [...kinds, `${difficulty}, ${size}, ${topic}`];
}
