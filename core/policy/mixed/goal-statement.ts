import { makeStatement, type Statement } from '../../record/index.ts';

const NAME = 'leftover';
const MAX_GOAL = 10_000;

/**
 * A goal as Lean prints it, as a statement: text for a policy that reads statements. What Lean prints does not always
 * elaborate again; proofs of it are tried in the place of the goal, not on their own.
 */
export function goalStatement(of: Statement, goal: string): Statement | undefined {
  if (goal.length > MAX_GOAL) return undefined;
  const entries = readEntries(goal);
  const target = entries
    .find((entry) => entry.startsWith('⊢'))
    ?.slice(1)
    .trim();
  if (target === undefined || target === '') return undefined;
  const binders = entries
    .filter((entry) => !entry.startsWith('⊢') && !/^[^:]*✝/.test(entry) && entry.includes(' : '))
    .map((entry) => `(${entry.replace(/ := .*$/s, '')})`);
  try {
    const { environment, header, topic, difficulty } = of;
    return makeStatement({
      environment,
      header,
      formal: ['theorem', NAME, ...binders, ':', target].join(' '),
      name: NAME,
      ...(topic === undefined ? {} : { topic }),
      ...(difficulty === undefined ? {} : { difficulty }),
    });
  } catch {
    // What a model made Lean print need not fit into a record.
    return undefined;
  }
}

/** Hypotheses and target, each in one line; what is indented goes on with the line before. */
function readEntries(goal: string): string[] {
  const entries: string[] = [];
  for (const line of goal.split('\n')) {
    if (line.trim() === '' || (entries.length === 0 && line.startsWith('case '))) continue;
    const last = entries.at(-1);
    if (/^\s/.test(line) && last !== undefined) entries[entries.length - 1] = `${last} ${line.trim()}`;
    else entries.push(line.trim());
  }
  return entries;
}
