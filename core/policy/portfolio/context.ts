import { closingBracket, findTop, identifiers, splitTop, squeeze, unwrap } from './lean-text.ts';

/** A variable or a hypothesis in scope. */
export interface Local {
  readonly name: string;
  readonly type: string;
}

/** What is to be proved at one place: of the statement itself, or of a goal that Lean printed. */
export interface Context {
  /** Type parameters, variables and hypotheses, in order of dependence; instances left out. */
  readonly locals: readonly Local[];
  readonly goal: string;
  /** Lean's case tag, e.g. `succ`. */
  readonly tag?: string;
}

const RELATIONS = [
  ' = ',
  ' ≠ ',
  ' ≤ ',
  ' < ',
  ' ≥ ',
  ' > ',
  ' ∣ ',
  ' ∈ ',
  ' ∉ ',
  ' ∧ ',
  ' ∨ ',
  ' ↔ ',
  ' ∘r ',
];

/** The body after leading ∀ binders and premises, and what was passed over. */
export function conclusion(type: string): string {
  let text = unwrap(type);
  for (;;) {
    if (text.startsWith('∀') || text.startsWith('∃')) {
      const { at } = findTop(text, [',']);
      if (at < 0) return text;
      text = unwrap(text.slice(at + 1));
      continue;
    }
    const parts = splitTop(text, '→');
    if (parts.length === 1) return text;
    text = unwrap(parts.at(-1) ?? '');
  }
}

/** Whether a type reads as a proposition, given the locals before it and the names of predicates. */
export function isProposition(
  type: string,
  locals: readonly Local[],
  predicates: ReadonlySet<string>,
): boolean {
  const text = unwrap(squeeze(type));
  if (/^[¬∀∃]/u.test(text)) return true;
  const body = conclusion(text);
  if (body.startsWith('¬') || body.startsWith('∃') || body.startsWith('∀')) return true;
  if (findTop(body, RELATIONS).at >= 0 || body === 'True' || body === 'False') return true;
  const [head = ''] = identifiers(body);
  if (!body.startsWith(head)) return false;
  if (predicates.has(head) || predicates.has(head.split('.').at(-1) ?? '')) return true;
  const local = locals.find((candidate) => candidate.name === head);
  return local !== undefined && /\bProp$/.test(conclusion(local.type));
}

/** The locals that a theorem's binders introduce, and its goal. `text` follows the theorem's name. */
export function readSignature(text: string): Context {
  const locals: Local[] = [];
  let i = 0;
  const source = squeeze(text);
  while (i < source.length) {
    const c = source.charAt(i);
    if (c === ':') return { locals, goal: source.slice(i + 1).trim() };
    if (c === '(' || c === '{' || c === '⦃' || c === '[') {
      const end = closingBracket(source, i);
      if (c !== '[') locals.push(...readBinder(source.slice(i + 1, end)));
      i = end;
    }
    i++;
  }
  return { locals, goal: '' };
}

/** `a b : Nat` as its locals. */
export function readBinder(text: string): Local[] {
  const { at } = findTop(text, [':']);
  if (at < 0) return [];
  const type = squeeze(text.slice(at + 1)).replace(/ := .*$/, '');
  return text
    .slice(0, at)
    .trim()
    .split(/\s+/)
    .map((name) => ({ name, type }));
}

/** Reads a goal as Lean prints it: `case` line, hypotheses, `⊢ goal`. */
export function readGoal(text: string): Context | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  let tag: string | undefined;
  const entries: string[] = [];
  for (const line of lines) {
    const caseTag = /^case (.+)$/.exec(line);
    if (caseTag !== null && entries.length === 0) tag = caseTag[1];
    else if (/^\s/.test(line) && entries.length > 0) entries.push(`${entries.pop() ?? ''} ${line.trim()}`);
    else entries.push(line);
  }
  const goal = entries.find((entry) => entry.startsWith('⊢'));
  if (goal === undefined) return undefined;
  const locals = entries
    .filter((entry) => !entry.startsWith('⊢') && !entry.startsWith('inst✝'))
    .flatMap((entry) => readBinder(entry));
  return { locals, goal: goal.slice(1).trim(), ...(tag === undefined ? {} : { tag }) };
}

/** Names fit to be written: Lean marks those that a text cannot refer to by ✝. */
export const isAccessible = (local: Local): boolean => !local.name.includes('✝');
