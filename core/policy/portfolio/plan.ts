import { z } from 'zod';

/**
 * A proof under construction: a tree of tactics whose leaves are closed by a tactic or still open. It is printed to
 * be checked, and travels in `Proposal.response`, so that the next round can read where each of Lean's messages
 * belongs without the policy keeping any state of its own.
 */
export type Plan =
  | { readonly kind: 'open'; readonly goal: string }
  | { readonly kind: 'closed'; readonly tactic: string }
  | {
      readonly kind: 'step';
      readonly tactic: string;
      /** `| zero`, `| succ n ih` …: present where the step names its cases. */
      readonly heads?: readonly string[] | undefined;
      /** What the step leaves; 'unknown' until Lean has said how many goals there are. */
      readonly children: readonly Plan[] | 'unknown';
    };

export const planSchema: z.ZodType<Plan> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('open'), goal: z.string() }),
    z.strictObject({ kind: z.literal('closed'), tactic: z.string() }),
    z.strictObject({
      kind: z.literal('step'),
      tactic: z.string(),
      heads: z.array(z.string()).optional(),
      children: z.union([z.array(planSchema), z.literal('unknown')]),
    }),
  ]),
);

/** Child indices from the root. */
export type Path = readonly number[];
export const pathKey = (path: Path): string => path.join('.');

export const open = (goal = ''): Plan => ({ kind: 'open', goal });
export const closed = (tactic: string): Plan => ({ kind: 'closed', tactic });

/** The unfinished places, left to right: open leaves and steps whose goals are not known yet. */
export function unfinished(plan: Plan, path: Path = []): { readonly path: Path; readonly plan: Plan }[] {
  if (plan.kind === 'open') return [{ path, plan }];
  if (plan.kind === 'closed') return [];
  if (plan.children === 'unknown') return [{ path, plan }];
  return plan.children.flatMap((child, i) => unfinished(child, [...path, i]));
}

/** The plan with the part at a path replaced. */
export function replaceAt(plan: Plan, path: Path, by: Plan): Plan {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  if (plan.kind !== 'step' || plan.children === 'unknown') return plan;
  return {
    ...plan,
    children: plan.children.map((child, i) => (i === first ? replaceAt(child, rest, by) : child)),
  };
}

export function steps(plan: Plan): number {
  if (plan.kind !== 'step') return 0;
  return 1 + (plan.children === 'unknown' ? 0 : plan.children.reduce((n, child) => n + steps(child), 0));
}

/** The tactics that close the leaves, left to right. */
export function leafTactics(plan: Plan): string[] {
  if (plan.kind === 'closed') return [plan.tactic];
  if (plan.kind === 'open' || plan.children === 'unknown') return [];
  return plan.children.flatMap(leafTactics);
}

export interface PrintedLine {
  readonly text: string;
  /** The unfinished or closed place that Lean's messages about this line speak of. */
  readonly owner: Path;
}

/**
 * Prints a plan as the body of a `by` block, two blanks deep.
 * @param atOpen the lines to put where something is unfinished
 */
export function printPlan(plan: Plan, atOpen: (path: Path) => readonly string[]): PrintedLine[] {
  return block(plan, [], atOpen).map((line) => ({ ...line, text: line.text === '' ? '' : `  ${line.text}` }));
}

/** A block runs down single children to a leaf or to a step with several; Lean reports on a block as a whole. */
function block(plan: Plan, path: Path, atOpen: (path: Path) => readonly string[]): PrintedLine[] {
  const chain: string[] = [];
  let at = plan;
  let where = path;
  for (;;) {
    if (at.kind === 'closed') return own(where, [...chain, ...at.tactic.split('\n')]);
    if (at.kind === 'open') return own(where, [...chain, ...atOpen(where)]);
    const lines = at.tactic.split('\n');
    if (at.children === 'unknown') {
      const last = lines.pop() ?? '';
      const body = atOpen(where).map((line) => `  ${line}`);
      return own(where, [...chain, ...lines, `${last} <;>`, ...body]);
    }
    const [only] = at.children;
    if (at.children.length === 1 && at.heads === undefined && only !== undefined) {
      chain.push(...lines);
      at = only;
      where = [...where, 0];
      continue;
    }
    const { heads, children } = at;
    const below = where;
    const intro = own(where, [...chain, ...(heads === undefined ? lines : withHeads(lines))]);
    return [...intro, ...children.flatMap((child, i) => branch(child, [...below, i], heads?.[i], atOpen))];
  }
}

const withHeads = (lines: readonly string[]): string[] => [
  ...lines.slice(0, -1),
  `${lines.at(-1) ?? ''} with`,
];

function branch(
  child: Plan,
  path: Path,
  head: string | undefined,
  atOpen: (path: Path) => readonly string[],
): PrintedLine[] {
  const body = block(child, path, atOpen);
  const [first, ...rest] = body;
  if (first === undefined) return [];
  if (head === undefined) {
    return [
      { ...first, text: `· ${first.text}` },
      ...rest.map((line) => ({ ...line, text: `  ${line.text}` })),
    ];
  }
  if (rest.length === 0) return [{ ...first, text: `| ${head} => ${first.text}` }];
  return [
    { text: `| ${head} =>`, owner: first.owner },
    ...body.map((line) => ({ ...line, text: `  ${line.text}` })),
  ];
}

const own = (owner: Path, lines: readonly string[]): PrintedLine[] => lines.map((text) => ({ text, owner }));
