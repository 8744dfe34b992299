import {
  EXPR,
  EXPR_WIDTH,
  MalformedExportError,
  NAME,
  nameKey,
  type Declaration,
  type ExportReader,
} from './export.ts';

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
  #search = 1;
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
    this.#search++;
    return this.further(roots);
  }

  /** As `of`, but passes over the expressions that the search before came by. */
  further(roots: readonly number[]): Set<number> {
    const { exprs } = this.#reader.data;
    const names = new Set<number>();
    const todo = [...roots];
    const found = {
      name: (name: number) => void names.add(name),
      part: (part: number) => void todo.push(part),
    };
    for (let index = todo.pop(); index !== undefined; index = todo.pop()) {
      if (this.#seen[index] === this.#search) continue;
      this.#seen[index] = this.#search;
      if (++this.#steps > MAX_STEPS) throw new MalformedExportError('its declarations share too much');
      visit(exprs, index, found);
    }
    return names;
  }
}

/** By expression: 1 where it refers to a constant, or a part of it does. Parts stand before the whole, so one pass is enough. */
export function mentions(reader: ExportReader, constant: string): Uint8Array {
  const found = new Uint8Array(reader.exprCount);
  let at = 0;
  const visitor = {
    name: (name: number) => {
      if (reader.nameKey(name) === constant) found[at] = 1;
    },
    part: (part: number) => {
      if (found[part] === 1) found[at] = 1;
    },
  };
  for (; at < found.length; at++) visit(reader.data.exprs, at, visitor);
  return found;
}

/** Tells the constant that an expression names itself, and the expressions that it is made of. */
function visit(
  exprs: Int32Array,
  index: number,
  { name, part }: { readonly name: (name: number) => void; readonly part: (expression: number) => void },
): void {
  const at = index * EXPR_WIDTH;
  const [a, b, c, d] = [exprs[at + 1] ?? 0, exprs[at + 2] ?? 0, exprs[at + 3] ?? 0, exprs[at + 4] ?? 0];
  switch (exprs[at]) {
    case EXPR.const:
      name(a);
      break;
    case EXPR.app:
      part(a);
      part(b);
      break;
    case EXPR.lambda:
    case EXPR.forall:
      part(b);
      part(c);
      break;
    case EXPR.let:
      part(b);
      part(c);
      part(d);
      break;
    case EXPR.proj:
      name(a);
      part(c);
      break;
    default:
      // Variables, universes and literals refer to no constant.
      break;
  }
}

/** The keys of all names that a declaration brings: of recursors too, which the kernel makes itself from the type. */
export function keysOf(reader: ExportReader, declaration: Declaration): string[] {
  const declared = reader.declaredNames(declaration).map((name) => reader.nameKey(name));
  if (declaration.kind !== 'inductive') return declared;
  const recursors = declaration.types.map(({ name }) => nameKey(reader.nameKey(name), NAME.text, 'rec'));
  return [...declared, ...recursors];
}

/** Declarations by the keys of their names. */
export function declarationsByKey(reader: ExportReader): Map<string, Declaration> {
  const map = new Map<string, Declaration>();
  for (const declaration of reader.data.declarations) {
    for (const key of keysOf(reader, declaration)) map.set(key, declaration);
  }
  return map;
}
