import { ConstantFinder, declarationsByKey, rootsOf } from './constants.ts';
import { ExportReader, NAME, nameKey, type Declaration, type DeclarationExport } from './export.ts';

const keyOf = (parts: readonly string[]): string =>
  parts.reduce((prefix, part) => nameKey(prefix, NAME.text, part), '');

const SORRY = keyOf(['sorryAx']);
const AXIOMS: ReadonlySet<string> = new Set([['propext'], ['Quot', 'sound']].map(keyOf));
/** `Classical.choice` and what the libraries define by it. */
const CLASSICAL = keyOf(['Classical', '']);

/**
 * A statement's export with definitions left to the submission: those of the given names whose value is `sorry`.
 * @returns undefined where something else rests on `sorry` too
 * @throws MalformedExportError where it is no export of a statement
 */
export function leaveOpen(
  data: unknown,
  names: readonly (readonly string[])[],
): DeclarationExport | undefined {
  const reader = new ExportReader(data);
  const finder = new ConstantFinder(reader);
  const restsOnSorry = (roots: readonly number[]): boolean =>
    [...finder.of(roots)].some((name) => reader.nameKey(name) === SORRY);
  const open = new Set(names.map(keyOf));
  const declarations = reader.data.declarations.map((declaration): Declaration => {
    if (declaration.kind !== 'definition' || !open.has(reader.nameKey(declaration.name))) return declaration;
    const { name, levelParams, type, value } = declaration;
    return restsOnSorry([value]) ? { kind: 'hole', name, levelParams, type } : declaration;
  });
  if (restsOnSorry(declarations.flatMap(rootsOf))) return undefined;
  return { ...reader.data, declarations };
}

/**
 * What is given for a definition that was left open must be data: an axiom may stand in its proofs, such as one that a
 * recursion ends, and nowhere else. Both exports have been compared, and the kernel has accepted the submission's.
 * @returns which definition is none, and why
 */
export function axiomInFilling(statementData: unknown, submissionData: unknown): string | undefined {
  const statement = new ExportReader(statementData);
  const submission = new ExportReader(submissionData);
  const finder = new ConstantFinder(submission);
  const declared = declarationsByKey(submission);
  for (const hole of statement.data.declarations) {
    if (hole.kind !== 'hole') continue;
    const seen = new Set<string>();
    const todo = [statement.nameKey(hole.name)];
    for (let key = todo.pop(); key !== undefined; key = todo.pop()) {
      if (seen.has(key)) continue;
      seen.add(key);
      const declaration = declared.get(key);
      if (declaration?.kind === 'theorem') continue;
      const roots = declaration === undefined ? [] : rootsOf(declaration);
      for (const name of finder.of(roots)) {
        const used = submission.nameKey(name);
        const isLibrary = !declared.has(used);
        if (isLibrary && (AXIOMS.has(used) || used.startsWith(CLASSICAL)))
          return `the definition of ${statement.nameText(hole.name)} rests on ${submission.nameText(name)}`;
        todo.push(used);
      }
    }
  }
  return undefined;
}
