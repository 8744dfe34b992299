import { EXPR, EXPR_WIDTH, MalformedExportError, type Declaration, type ExportReader } from './export.ts';

/** Far above what reading an honest export takes; one made to share its parts a thousandfold gets no further. */
const MAX_STEPS = 50_000_000;

/** The expressions that a declaration consists of: types, constructors' types, the value. */
export function rootsOf(declaration: Declaration): number[] {
  if (declaration.kind === 'inductive')
    return declaration.types.flatMap((type) => [type.type, ...type.constructors.map((c) => c.type)]);
  return 'value' in declaration ? [declaration.type, declaration.value] : [declaration.type];
}

/** Finds the constants that expressions of one export refer to. Iterative, as expressions may be deeper than the stack. */
export class ConstantFinder {
  readonly #reader: ExportReader;
  /** By expression: the search that came by last. */
  readonly #seen: Uint32Array;
  #search = 0;
  #steps = 0;

  constructor(reader: ExportReader) {
    this.#reader = reader;
    this.#seen = new Uint32Array(reader.exprCount);
  }

  /**
   * Indices of names, each once.
   * @throws MalformedExportError where all searches together take too long
   */
  of(roots: readonly number[]): Set<number> {
    const { exprs } = this.#reader.data;
    this.#search++;
    const names = new Set<number>();
    const todo = [...roots];
    for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
      if (this.#seen[index] === this.#search) continue;
      this.#seen[index] = this.#search;
      if (++this.#steps > MAX_STEPS) throw new MalformedExportError('its declarations share too much');
      const at = index * EXPR_WIDTH;
      const [a, b, c, d] = [exprs[at + 1] ?? 0, exprs[at + 2] ?? 0, exprs[at + 3] ?? 0, exprs[at + 4] ?? 0];
      switch (exprs[at]) {
        case EXPR.const:
          names.add(a);
          break;
        case EXPR.app:
          todo.push(a, b);
          break;
        case EXPR.lambda:
        case EXPR.forall:
          todo.push(b, c);
          break;
        case EXPR.let:
          todo.push(b, c, d);
          break;
        case EXPR.proj:
          names.add(a);
          todo.push(c);
          break;
        default:
          // Variables, universes and literals refer to no constant.
          break;
      }
    }
    return names;
  }
}

/** Declarations by the keys of their names; recursors, which the kernel makes itself, with their type. */
export function declarationsByKey(reader: ExportReader): Map<string, Declaration> {
  const map = new Map<string, Declaration>();
  for (const declaration of reader.data.declarations) {
    for (const name of reader.declaredNames(declaration)) map.set(reader.nameKey(name), declaration);
    if (declaration.kind === 'inductive') {
      for (const type of declaration.types) map.set(`${reader.nameKey(type.name)}\uF8F0rec`, declaration);
    }
  }
  return map;
}
