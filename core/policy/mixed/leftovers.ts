import type { Attempt, Proposal, RoundState, Statement } from '../../record/index.ts';
import { goalStatement } from './goal-statement.ts';
import { holesOf, type Hole } from './holes.ts';
import type { RoundPolicy } from './types.ts';

/** Tactics of the quick policy that are tried on each goal, and how many in one check. */
const TACTICS = 18;
const TOGETHER = 6;
const MAX_TACTIC = 300;

/** Whether the quick policy could be asked about what these attempts left open. */
export const hasLeftovers = (attempts: readonly Attempt[]): boolean =>
  latestWithHoles(attempts) !== undefined;

/**
 * The last attempt with its holes closed by what the quick policy would try on the goals there: several tactics at a
 * place, of which Lean takes the first that works.
 */
export async function* patchLeftovers(
  quick: RoundPolicy,
  state: RoundState,
  attempts: readonly Attempt[],
  signal: AbortSignal,
): AsyncGenerator<Proposal, void, undefined> {
  const attempt = latestWithHoles(attempts);
  if (attempt === undefined) return;
  const holes = holesOf(attempt);
  const tactics = new Map<Hole, readonly string[]>();
  for (const hole of holes) tactics.set(hole, await tacticsFor(quick, state, hole, signal));
  // Where no goal is shown, what is tried elsewhere may do.
  const anywhere = [...new Set([...tactics.values()].flat())].slice(0, TACTICS);
  for (const [hole, found] of tactics) if (found.length === 0) tactics.set(hole, anywhere);
  for (let from = 0; from < TACTICS; from += TOGETHER) {
    signal.throwIfAborted();
    const patches = holes.map((hole) => {
      const all = tactics.get(hole) ?? [];
      // Where one goal has fewer to try, its first ones are tried again with the others' next.
      const some = all.slice(from, from + TOGETHER);
      return { hole, tactics: some.length > 0 ? some : all.slice(0, TOGETHER) };
    });
    if (from > 0 && holes.every((hole) => (tactics.get(hole)?.length ?? 0) <= from)) return;
    if (patches.some((patch) => patch.tactics.length === 0)) return;
    yield { submission: patched(attempt.submission, patches) };
  }
}

const latestWithHoles = (attempts: readonly Attempt[]): Attempt | undefined =>
  attempts.findLast((attempt) => holesOf(attempt).length > 0);

/** What the quick policy would try first on the goals of a hole, or on the statement where none is shown. */
async function tacticsFor(
  quick: RoundPolicy,
  state: RoundState,
  { goals }: Hole,
  signal: AbortSignal,
): Promise<string[]> {
  const targets = goals.flatMap((goal) => goalStatement(state.statement, goal) ?? []);
  const found = new Set<string>();
  for (const statement of targets.length > 0 ? targets.slice(0, 3) : [state.statement]) {
    const first: RoundState = { statement, rollout: 0, round: 0, premises: [], previous: [] };
    for await (const proposal of quick.propose(first, { signal })) {
      const tactic = tacticOf(proposal, statement);
      if (tactic !== undefined) found.add(tactic);
      if (found.size >= TACTICS) return [...found];
    }
  }
  return [...found];
}

/** A proof by one line of tactics; longer ones depend on where they stand. */
function tacticOf({ submission }: Proposal, { formal }: Statement): string | undefined {
  const at = submission.lastIndexOf(formal);
  if (at < 0) return undefined;
  const proof = /^\s*:=\s*by\s+(.+?)\s*$/s.exec(submission.slice(at + formal.length))?.[1];
  if (proof === undefined || proof.length > MAX_TACTIC) return undefined;
  return proof.includes('\n') || /\bsorry\b/.test(proof) ? undefined : proof;
}

function patched(
  submission: string,
  patches: readonly { readonly hole: Hole; readonly tactics: readonly string[] }[],
): string {
  let text = submission;
  // From the end, so that what lies before stays where it was.
  for (const { hole, tactics } of patches.toSorted((a, b) => cut(b.hole) - cut(a.hole))) {
    const closer = `first ${tactics.map((tactic) => `| (${tactic})`).join(' ')}`;
    if (hole.kind === 'append') {
      const column = tacticColumn(submission, hole);
      text = `${text.slice(0, hole.end)}\n${' '.repeat(column)}all_goals ${closer}${text.slice(hole.end)}`;
    } else text = `${text.slice(0, hole.start)}(${closer})${text.slice(hole.end)}`;
  }
  return text;
}

const cut = ({ kind, start, end }: Hole): number => (kind === 'append' ? end : start);

/** The column of the first tactic of a block, at which another can follow. */
function tacticColumn(text: string, { start, end }: Hole): number {
  const opener = /^(?:by|·|\.|=>|(?:case|next)\b[^=]*=>)?\s*/.exec(text.slice(start, end))?.[0] ?? '';
  const at = start + opener.length;
  return Array.from(text.slice(text.lastIndexOf('\n', at - 1) + 1, at)).length;
}
