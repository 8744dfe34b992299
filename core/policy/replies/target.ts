import type { Statement } from '../../record/index.ts';
import { readCommands, type Command } from './commands.ts';
import { lexLean } from './lean-tokens.ts';
import { hasHole, isRestatement, readProved, signatureOf, type Proved } from './theorems.ts';
import type { Splice } from './types.ts';

/** Whether a theorem so called, wherever it stands in a reply, may be the one of that full name. */
export function isNamed(name: string | undefined, target: string): boolean {
  if (name === undefined) return false;
  const bare = name.startsWith('_root_.') ? name.slice('_root_.'.length) : name;
  return bare === target || target.endsWith(`.${bare}`);
}

/** The proof of the statement that a reply's code holds. */
export interface Target {
  readonly proved: Proved;
  /** Its place among the commands. */
  readonly at: number;
  readonly splice: Extract<Splice, 'theorem' | 'same-statement' | 'only-theorem'>;
}

/**
 * Looks for the proof: under the statement's name, or else under another name with the same binders and type, or else
 * the only theorem there is. Of several the last without holes, or else the last that is more than `sorry`.
 */
export function findTarget(commands: readonly Command[], statement: Statement): Target | undefined {
  const all = commands.flatMap((command, at) => {
    const proved = readProved(command);
    return proved === undefined ? [] : [{ proved, at }];
  });
  const signature = signatureOf(lexLean(statement.formal).slice(2));
  const named = all.filter(({ proved }) => isNamed(proved.name, statement.name));
  if (named.length > 0) return { ...best(named), splice: 'theorem' };
  const same = all.filter(({ proved }) => proved.signature === signature);
  if (same.length > 0) return { ...best(same), splice: 'same-statement' };
  const [only] = all;
  return only === undefined || all.length > 1 ? undefined : { ...only, splice: 'only-theorem' };
}

function best<T extends { readonly proved: Proved }>(found: readonly T[]): T {
  const weight = ({ proved }: T): number => (hasHole(proved.proof) ? (isRestatement(proved) ? 0 : 1) : 2);
  return found.reduce((kept, next) => (weight(next) >= weight(kept) ? next : kept));
}

/** Whether a code proves the theorem of that name without holes anywhere. */
export function provesTarget(code: string, target: string): boolean {
  const commands = readCommands(code);
  return (
    commands.some((command) => isNamed(readProved(command)?.name, target)) &&
    !commands.some((command) => hasHole(command.tokens))
  );
}
