import {
  EXPORT_LIMITS,
  EXPR,
  EXPR_WIDTH,
  LEVEL,
  LEVEL_WIDTH,
  MalformedExportError,
  NAME,
  NAME_WIDTH,
  nameDefect,
  nameKey,
} from '../../core/lean/judge/export.ts';
import { CACHED_DATA_BYTES, EXPR_TAG, LEVEL_TAG, LITERAL_TAG, NAME_TAG } from './layout.ts';
import { CorruptObjectError, type LeanObjects, type Ref } from './objects.ts';

/**
 * Writes names, levels and expressions from Lean's memory into the flat arrays of a `DeclarationExport`. Objects are
 * known by their address, so what is shared in memory is written once; they must stay alive while a writer is in use.
 */
export class ExpressionWriter {
  readonly #objects: LeanObjects;
  readonly strings: string[] = [];
  readonly names: number[] = [];
  readonly levels: number[] = [];
  readonly levelLists: number[] = [];
  readonly exprs: number[] = [];
  readonly #stringIndex = new Map<string, number>();
  readonly #nameIndex = new Map<Ref, number>();
  readonly #nameByContent = new Map<string, number>();
  readonly #levelIndex = new Map<Ref, number>();
  readonly #exprIndex = new Map<Ref, number>();
  /** The same keys as `ExportReader.nameKey`. */
  readonly #nameKeys: string[] = [''];
  /** Name → one address of it, for every name that a written expression uses as a constant. */
  readonly #constants = new Map<number, Ref>();
  /** Expression → the last walk of {@link constantsOf} that saw it. */
  readonly #seen: number[] = [];
  #walk = 0;

  constructor(objects: LeanObjects) {
    this.#objects = objects;
  }

  name(ref: Ref, depth = 0): number {
    if (depth > EXPORT_LIMITS.nameDepth) throw new MalformedExportError('a name of too many components');
    const objects = this.#objects;
    if (objects.isScalar(ref)) return 0;
    const known = this.#nameIndex.get(ref);
    if (known !== undefined) return known;
    const prefix = this.name(objects.field(ref, 0), depth + 1);
    const part = objects.field(ref, 1);
    const isText = objects.tag(ref) === NAME_TAG.text;
    if (!isText && objects.tag(ref) !== NAME_TAG.number) throw new CorruptObjectError('not a name');
    const kind = isText ? NAME.text : NAME.number;
    const written = isText ? objects.text(part) : objects.natText(part);
    // Before anything is looked up by its key, which must be no other name's: what is found is kept for later sources.
    const defect = isText ? nameDefect(written) : undefined;
    if (defect !== undefined) throw new MalformedExportError(defect);
    const reference = this.#string(written);
    // Equal names often lie at several addresses.
    const content = `${prefix} ${kind} ${reference}`;
    let index = this.#nameByContent.get(content);
    if (index === undefined) {
      this.names.push(prefix, kind, reference);
      index = this.names.length / NAME_WIDTH;
      this.#nameByContent.set(content, index);
      this.#nameKeys.push(nameKey(this.nameKey(prefix), kind, written));
    }
    this.#nameIndex.set(ref, index);
    return index;
  }

  nameKey(index: number): string {
    return this.#nameKeys[index] ?? '';
  }

  /** A name that stands for a constant. */
  constant(ref: Ref): number {
    const index = this.name(ref);
    this.#constants.set(index, ref);
    return index;
  }

  constantRef(name: number): Ref {
    const ref = this.#constants.get(name);
    if (ref === undefined) throw new CorruptObjectError('a constant without a name');
    return ref;
  }

  /** The constants that written expressions use, each once. */
  constantsOf(roots: readonly number[]): number[] {
    const { exprs } = this;
    const walk = ++this.#walk;
    const found = new Set<number>();
    const stack = [...roots];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (this.#seen[at] === walk) continue;
      this.#seen[at] = walk;
      const entry = at * EXPR_WIDTH;
      const operator = exprs[entry];
      const [a, b] = [exprs[entry + 1] ?? 0, exprs[entry + 2] ?? 0];
      const [c, d] = [exprs[entry + 3] ?? 0, exprs[entry + 4] ?? 0];
      if (operator === EXPR.const) found.add(a);
      else if (operator === EXPR.app) stack.push(a, b);
      else if (operator === EXPR.lambda || operator === EXPR.forall) stack.push(b, c);
      else if (operator === EXPR.let) stack.push(b, c, d);
      else if (operator === EXPR.proj) {
        found.add(a);
        stack.push(c);
      }
    }
    return [...found];
  }

  level(ref: Ref, depth = 0): number {
    if (depth > EXPORT_LIMITS.levelDepth) throw new MalformedExportError('a level that is nested too deep');
    const objects = this.#objects;
    const known = this.#levelIndex.get(ref);
    if (known !== undefined) return known;
    const tag = objects.isScalar(ref) ? LEVEL_TAG.zero : objects.tag(ref);
    let entry: [number, number, number];
    switch (tag) {
      case LEVEL_TAG.zero:
        entry = [LEVEL.zero, 0, 0];
        break;
      case LEVEL_TAG.succ:
        entry = [LEVEL.succ, this.level(objects.field(ref, 0), depth + 1), 0];
        break;
      case LEVEL_TAG.max:
      case LEVEL_TAG.imax:
        entry = [
          tag === LEVEL_TAG.max ? LEVEL.max : LEVEL.imax,
          this.level(objects.field(ref, 0), depth + 1),
          this.level(objects.field(ref, 1), depth + 1),
        ];
        break;
      case LEVEL_TAG.param:
        entry = [LEVEL.param, this.name(objects.field(ref, 0)), 0];
        break;
      default:
        throw new MalformedExportError('a level with a metavariable');
    }
    this.levels.push(...entry);
    const index = this.levels.length / LEVEL_WIDTH - 1;
    this.#levelIndex.set(ref, index);
    return index;
  }

  /** Writes an expression, children first. Iterative, as proofs may be deeper than JavaScript's stack. */
  expr(root: Ref): number {
    const objects = this.#objects;
    const stack: Ref[] = [root];
    while (stack.length > 0) {
      const ref = stack[stack.length - 1] ?? root;
      if (this.#exprIndex.has(ref)) {
        stack.pop();
        continue;
      }
      const before = stack.length;
      pushSubexpressions(objects, ref, stack, this.#exprIndex);
      if (stack.length > before) {
        if (stack.length > EXPORT_LIMITS.exprs) throw new MalformedExportError('too many expressions');
        continue;
      }
      stack.pop();
      // Metadata has no meaning to the kernel.
      const index =
        objects.tag(ref) === EXPR_TAG.mdata ? this.#done(objects.field(ref, 1)) : this.#write(ref);
      this.#exprIndex.set(ref, index);
    }
    return this.#done(root);
  }

  #write(ref: Ref): number {
    const objects = this.#objects;
    const field = (index: number): Ref => objects.field(ref, index);
    switch (objects.tag(ref)) {
      case EXPR_TAG.bvar:
        return this.#push(EXPR.bvar, objects.natNumber(field(0)));
      case EXPR_TAG.sort:
        return this.#push(EXPR.sort, this.level(field(0)));
      case EXPR_TAG.const: {
        const name = this.constant(field(0));
        const levels = objects.list(field(1)).map((level) => this.level(level));
        const offset = this.levelLists.length;
        this.levelLists.push(...levels);
        return this.#push(EXPR.const, name, offset, levels.length);
      }
      case EXPR_TAG.app:
        return this.#push(EXPR.app, this.#done(field(0)), this.#done(field(1)));
      case EXPR_TAG.lambda:
      case EXPR_TAG.forall: {
        const operator = objects.tag(ref) === EXPR_TAG.lambda ? EXPR.lambda : EXPR.forall;
        const info = objects.scalarByte(ref, 3, CACHED_DATA_BYTES);
        return this.#push(operator, this.name(field(0)), this.#done(field(1)), this.#done(field(2)), info);
      }
      case EXPR_TAG.let:
        return this.#push(
          EXPR.let,
          this.name(field(0)),
          this.#done(field(1)),
          this.#done(field(2)),
          this.#done(field(3)),
        );
      case EXPR_TAG.lit: {
        const literal = field(0);
        const isNat = objects.tag(literal) === LITERAL_TAG.nat;
        const value = objects.field(literal, 0);
        return this.#push(
          isNat ? EXPR.nat : EXPR.string,
          this.#string(isNat ? objects.natText(value) : objects.text(value)),
        );
      }
      case EXPR_TAG.proj: {
        const structure = this.constant(field(0));
        return this.#push(EXPR.proj, structure, objects.natNumber(field(1)), this.#done(field(2)));
      }
      default:
        throw new MalformedExportError('an expression with free or meta variables');
    }
  }

  #push(operator: number, a: number, b = 0, c = 0, d = 0): number {
    this.exprs.push(operator, a, b, c, d);
    return this.exprs.length / EXPR_WIDTH - 1;
  }

  #done(ref: Ref): number {
    const index = this.#exprIndex.get(ref);
    if (index === undefined) throw new CorruptObjectError('an expression that changed while it was read');
    return index;
  }

  #string(text: string): number {
    let index = this.#stringIndex.get(text);
    if (index === undefined) {
      index = this.strings.push(text) - 1;
      this.#stringIndex.set(text, index);
    }
    return index;
  }
}

/** By an expression's tag: its first field that holds an expression, and the first after those that do. */
const BELOW: (readonly [first: number, end: number])[] = [];
BELOW[EXPR_TAG.app] = [0, 2];
BELOW[EXPR_TAG.lambda] = [1, 3];
BELOW[EXPR_TAG.forall] = [1, 3];
BELOW[EXPR_TAG.let] = [1, 4];
BELOW[EXPR_TAG.mdata] = [1, 2];
BELOW[EXPR_TAG.proj] = [2, 3];
const NOTHING: readonly [number, number] = [0, 0];
const NONE: ReadonlyMap<Ref, number> = new Map();

/** Puts the expressions right below one, borrowed, on a stack, but not those that are known. */
export function pushSubexpressions(
  objects: LeanObjects,
  ref: Ref,
  stack: Ref[],
  known: ReadonlyMap<Ref, number> = NONE,
): void {
  if (objects.isScalar(ref)) throw new CorruptObjectError('not an expression');
  const [first, end] = BELOW[objects.tag(ref)] ?? NOTHING;
  for (let i = first; i < end; i++) {
    const child = objects.field(ref, i);
    if (!known.has(child)) stack.push(child);
  }
}
