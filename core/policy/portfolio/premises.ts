import type { Premise, Statement } from '../../record/index.ts';
import { identifiers, mentions, squeeze, stripComments } from './lean-text.ts';
import { declarations, readShape, values, type Shape } from './shape.ts';

/** A proved lemma that may stand before the theorem. */
export interface Helper {
  readonly name: string;
  readonly text: string;
}

/** What retrieved proofs offer to this statement. */
export interface Reuse {
  /** Lemmas whose definitions this statement has too, in an order in which they can be declared. */
  readonly helpers: readonly Helper[];
  /** Proofs of similar statements, rewritten to this one's names. */
  readonly proofs: readonly string[];
}

const MAX_PREMISES = 4;
const MAX_HELPER_LENGTH = 2_000;

export function reuse(statement: Statement, shape: Shape, premises: readonly Premise[]): Reuse {
  const own = new Set(declarations(stripComments(statement.header)).map(squeeze));
  const taken = new Set([statement.name, ...shape.definitions.map((d) => d.name)]);
  const helpers: Helper[] = [];
  const proofs: string[] = [];
  for (const premise of premises.slice(0, MAX_PREMISES)) {
    const parts = dissect(premise);
    if (parts === undefined) continue;
    proofs.push(...transplant(parts.proof, premise, shape));
    if (!sameEnvironment(statement, premise.statement)) continue;
    const theirs = declarations(stripComments(premise.statement.header)).map(squeeze);
    if (!theirs.every((block) => own.has(block))) continue;
    for (const helper of parts.helpers) {
      if (taken.has(helper.name) || helper.text.length > MAX_HELPER_LENGTH) continue;
      taken.add(helper.name);
      helpers.push(helper);
    }
  }
  return { helpers, proofs: [...new Set(proofs)] };
}

/** The helpers that a proof mentions, and those that they rest on. */
export function helpersFor(proof: string, helpers: readonly Helper[]): string {
  const needed = new Set<Helper>();
  const visit = (text: string): void => {
    for (const helper of helpers) {
      if (needed.has(helper) || helper.text === text || !mentions(text, helper.name)) continue;
      needed.add(helper);
      visit(helper.text);
    }
  };
  visit(proof);
  return helpers
    .filter((helper) => needed.has(helper))
    .map((helper) => helper.text)
    .join('\n\n');
}

function sameEnvironment(a: Statement, b: Statement): boolean {
  return a.environment.lean === b.environment.lean && a.environment.library === b.environment.library;
}

/** A premise's submission as lemmas, the theorem among them, and the theorem's own proof. */
function dissect(premise: Premise): { readonly helpers: Helper[]; readonly proof: string } | undefined {
  const { header, name } = premise.statement;
  if (!premise.submission.startsWith(header)) return undefined;
  const blocks = declarations(stripComments(premise.submission.slice(header.length)));
  const helpers = blocks.flatMap((text) => {
    const match = /^(?:private |protected )?(?:theorem|lemma)\s+(\S+)/.exec(text);
    return match?.[1] === undefined ? [] : [{ name: match[1], text }];
  });
  // Definitions and options of a premise are not taken over: what they change is not ours to change.
  if (helpers.length !== blocks.length) return undefined;
  const theorem = helpers.find((helper) => helper.name === name || name.endsWith(`.${helper.name}`));
  const start = theorem?.text.search(/:=\s*by\b|:=/) ?? -1;
  if (theorem === undefined || start < 0) return undefined;
  return { helpers, proof: theorem.text.slice(start + 2).trim() };
}

/** The proof with the premise's variables and definitions replaced by ours, matched by type and order. */
function transplant(proof: string, premise: Premise, shape: Shape): string[] {
  const other = readShape(premise.statement);
  const renames = new Map<string, string>();
  const ours = values(shape.root, shape);
  const unused = new Set(ours.map((v) => v.name));
  for (const v of values(other.root, other)) {
    const match = ours.find((candidate) => unused.has(candidate.name) && candidate.type === v.type);
    if (match === undefined) continue;
    unused.delete(match.name);
    renames.set(v.name, match.name);
  }
  other.unfoldable.forEach((name, i) => {
    const match = shape.unfoldable[i];
    if (match !== undefined && !shape.unfoldable.includes(name)) renames.set(name, match);
  });
  const names = new Set(identifiers(proof));
  const missing = other.unfoldable.some(
    (name) => names.has(name) && !renames.has(name) && !shape.unfoldable.includes(name),
  );
  return missing ? [] : [rename(proof, renames)];
}

function rename(text: string, renames: ReadonlyMap<string, string>): string {
  return text.replace(/[\p{L}_][\p{L}\p{N}_'.₀-₉]*/gu, (word) => {
    const [head = word, ...fields] = word.split('.');
    const whole = renames.get(word);
    if (whole !== undefined) return whole;
    const renamed = renames.get(head);
    return renamed === undefined ? word : [renamed, ...fields].join('.');
  });
}
