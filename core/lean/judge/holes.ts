import type { ElaborateResult, NameParts } from '../protocol/index.ts';
import { ConstantFinder, keysOf, mentions, rootsOf } from './constants.ts';
import { ExportReader, MalformedExportError, NAME, nameKey, type Declaration } from './export.ts';
import type { Addition } from './replay-order.ts';

type Exported = NonNullable<ElaborateResult['exported']>;

const keyOf = (parts: readonly string[]): string =>
  parts.reduce((prefix, part) => nameKey(prefix, NAME.text, part), '');

const SORRY = keyOf(['sorryAx']);
const AXIOMS: ReadonlySet<string> = new Set([['propext'], ['Quot', 'sound']].map(keyOf));
/** `Classical.choice` and what Lean's own libraries define by it. */
const CLASSICAL = keyOf(['Classical', '']);
const CHOOSE = keyOf(['Exists', 'choose']);

/**
 * A statement's export with definitions left to the submission: those of the given names whose value rests on `sorry`. For the
 * back end that elaborated the statement; takes time in proportion to the export's size.
 */
export function leaveOpen(exported: Exported, names: readonly NameParts[]): Exported {
  if (exported.kind !== 'exported') return exported;
  try {
    const reader = new ExportReader(exported.data);
    const restOnSorry = mentions(reader, SORRY);
    const open = new Set(names.map(keyOf));
    const declarations = reader.data.declarations.map((declaration): Declaration => {
      if (declaration.kind !== 'definition' || !open.has(reader.nameKey(declaration.name)))
        return declaration;
      const { name, levelParams, type, value } = declaration;
      return restOnSorry[value] === 1 ? { kind: 'hole', name, levelParams, type } : declaration;
    });
    if (declarations.flatMap(rootsOf).some((root) => restOnSorry[root] === 1)) return { kind: 'unfinished' };
    return { ...exported, data: { ...reader.data, declarations } };
  } catch (error) {
    if (error instanceof MalformedExportError) return { kind: 'too-large', detail: error.message };
    throw error;
  }
}

/**
 * What is given for a definition that was left open must be data: an axiom may stand in its proofs, such as one that a
 * recursion ends, and nowhere else. For the judge, as it reads a stranger's export; takes time in proportion to the exports' size.
 * @param additions all that the kernel is given
 * @returns which definition is none, and why
 */
export function axiomInFilling(statement: ExportReader, additions: readonly Addition[]): string | undefined {
  const declared = new Map<string, Addition>();
  const finders = new Map<ExportReader, ConstantFinder>();
  for (const addition of additions) {
    const { reader, declaration } = addition;
    for (const key of keysOf(reader, declaration)) declared.set(key, addition);
    if (!finders.has(reader)) finders.set(reader, new ConstantFinder(reader));
  }
  // What one definition was found to use without an axiom needs no second look for the next.
  const entered = new Set<Addition>();
  for (const hole of statement.data.declarations) {
    if (hole.kind !== 'hole') continue;
    const todo = [statement.nameKey(hole.name)];
    for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
      const addition = declared.get(key);
      if (addition === undefined || addition.declaration.kind === 'theorem' || entered.has(addition))
        continue;
      entered.add(addition);
      const { reader, declaration } = addition;
      for (const name of finders.get(reader)?.further(rootsOf(declaration)) ?? []) {
        const used = reader.nameKey(name);
        if (!declared.has(used) && (AXIOMS.has(used) || used === CHOOSE || used.startsWith(CLASSICAL)))
          return `the definition of ${statement.nameText(hole.name)} rests on ${reader.nameText(name)}`;
        todo.push(used);
      }
    }
  }
  return undefined;
}
