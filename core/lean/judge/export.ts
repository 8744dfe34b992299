import { z } from 'zod';
import {
  before,
  EXPORT_LIMITS,
  EXPR,
  EXPR_WIDTH,
  LEVEL,
  LEVEL_WIDTH,
  MalformedExportError,
  NAME_WIDTH,
} from './format.ts';
import { nameOfKey, readNameKeys } from './names.ts';

export {
  EXPORT_LIMITS,
  EXPR,
  EXPR_WIDTH,
  LEVEL,
  LEVEL_WIDTH,
  MalformedExportError,
  NAME,
  NAME_WIDTH,
} from './format.ts';
export { nameDefect, nameKey } from './names.ts';

/**
 * Declarations as data: what crosses from the process that elaborated a submission to the one that judges it. The same
 * content as Lean's public export format, laid out in flat arrays so that it can be bounded, compared and re-added
 * quickly. An entry refers only to entries before it, so no cycle can be expressed.
 */
export const declarationExportSchema = z.strictObject({
  strings: z.array(z.string()),
  /** Triples {prefix, kind, string}: name 0 is the anonymous name and not stored; name i is triple i − 1. */
  names: z.instanceof(Int32Array),
  /** Triples {operator, left, right}. */
  levels: z.instanceof(Int32Array),
  /** Level indices, sliced by constants. */
  levelLists: z.instanceof(Int32Array),
  /** Quintuples {operator, a, b, c, d}. */
  exprs: z.instanceof(Int32Array),
  declarations: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('axiom'), ...common() }),
      /** A theorem whose proof is left out: the statement itself. */
      z.strictObject({ kind: z.literal('goal'), ...common() }),
      /** A definition that the statement leaves to the submission. */
      z.strictObject({ kind: z.literal('hole'), ...common() }),
      z.strictObject({ kind: z.literal('theorem'), ...common(), value: z.int() }),
      z.strictObject({ kind: z.literal('opaque'), ...common(), value: z.int() }),
      z.strictObject({
        kind: z.literal('definition'),
        ...common(),
        value: z.int(),
        /** Definitional height, or one of Lean's two other reducibility hints. */
        hints: z.union([z.enum(['opaque', 'abbrev']), z.int().min(0).max(0xffffffff)]),
      }),
      z.strictObject({
        kind: z.literal('inductive'),
        levelParams: z.array(z.int()),
        numParams: z.int().min(0).max(10_000),
        types: z
          .array(
            z.strictObject({
              name: z.int(),
              type: z.int(),
              constructors: z.array(z.strictObject({ name: z.int(), type: z.int() })),
            }),
          )
          .min(1),
      }),
    ]),
  ),
});
export type DeclarationExport = z.infer<typeof declarationExportSchema>;
export type Declaration = DeclarationExport['declarations'][number];

function common(): { name: z.ZodInt; levelParams: z.ZodArray<z.ZodInt>; type: z.ZodInt } {
  return { name: z.int(), levelParams: z.array(z.int()), type: z.int() };
}

/** An export that has been found well-formed: every reference in it is in range and points backwards. */
export class ExportReader {
  readonly data: DeclarationExport;
  /** Unambiguous keys of all names, the anonymous one first. */
  readonly nameKeys: readonly string[];

  /** @throws MalformedExportError where a bound is passed or a reference is out of range */
  constructor(input: unknown) {
    const parsed = declarationExportSchema.safeParse(input);
    if (!parsed.success) throw new MalformedExportError(z.prettifyError(parsed.error).slice(0, 500));
    this.data = parsed.data;
    this.#checkSizes();
    this.nameKeys = readNameKeys(this.data);
    this.#checkLevels();
    this.#checkExprs();
    for (const declaration of this.data.declarations) this.#checkDeclaration(declaration);
  }

  get nameCount(): number {
    return this.data.names.length / NAME_WIDTH + 1;
  }

  get levelCount(): number {
    return this.data.levels.length / LEVEL_WIDTH;
  }

  get exprCount(): number {
    return this.data.exprs.length / EXPR_WIDTH;
  }

  /** Tells names apart for certain: each component has a private-use character in front that marks text or number. */
  nameKey(index: number): string {
    return this.nameKeys[index] ?? '';
  }

  /** The name as people write it. */
  nameText(index: number): string {
    return nameOfKey(this.nameKey(index));
  }

  /** The declared names of a declaration: several for an inductive type. */
  declaredNames(declaration: Declaration): number[] {
    return declaration.kind === 'inductive'
      ? declaration.types.flatMap((type) => [type.name, ...type.constructors.map((c) => c.name)])
      : [declaration.name];
  }

  #checkSizes(): void {
    const { data } = this;
    const characters = data.strings.reduce((sum, text) => sum + text.length, 0);
    const sizes: [keyof typeof EXPORT_LIMITS, number][] = [
      ['strings', data.strings.length],
      ['stringCharacters', characters],
      ['names', this.nameCount],
      ['levels', this.levelCount],
      ['levelLists', data.levelLists.length],
      ['exprs', this.exprCount],
      ['declarations', data.declarations.length],
    ];
    for (const [what, size] of sizes) {
      if (!Number.isInteger(size)) throw new MalformedExportError(`${what}: not a whole number of entries`);
      if (size > EXPORT_LIMITS[what])
        throw new MalformedExportError(`${what}: ${size} of at most ${EXPORT_LIMITS[what]}`);
    }
  }

  #checkLevels(): void {
    const { levels } = this.data;
    const depths: number[] = [];
    for (let i = 0; i < levels.length; i += LEVEL_WIDTH) {
      const [operator, a, b] = [levels[i], levels[i + 1], levels[i + 2]];
      const depthOf = (at: number | undefined): number => depths[before(at, depths.length, 'level')] ?? 0;
      let depth = 0;
      switch (operator) {
        case LEVEL.zero:
          break;
        case LEVEL.succ:
          depth = 1 + depthOf(a);
          break;
        case LEVEL.max:
        case LEVEL.imax:
          depth = 1 + Math.max(depthOf(a), depthOf(b));
          break;
        case LEVEL.param:
          before(a, this.nameCount, 'name');
          break;
        default:
          throw new MalformedExportError('a level of no known kind');
      }
      if (depth > EXPORT_LIMITS.levelDepth) throw new MalformedExportError('a level that is nested too deep');
      depths.push(depth);
    }
  }

  #checkExprs(): void {
    const { exprs, strings, levelLists } = this.data;
    /** Strings found to be numbers: each is read once, however many literals share it. */
    const numbers = new Set<number>();
    for (const level of levelLists) before(level, this.levelCount, 'level');
    for (let i = 0; i < exprs.length; i += EXPR_WIDTH) {
      const index = i / EXPR_WIDTH;
      const [a, b, c, d] = [exprs[i + 1] ?? -1, exprs[i + 2] ?? -1, exprs[i + 3] ?? -1, exprs[i + 4] ?? -1];
      switch (exprs[i]) {
        case EXPR.bvar:
          before(a, EXPORT_LIMITS.boundVariable, 'bound variable');
          break;
        case EXPR.sort:
          before(a, this.levelCount, 'level');
          break;
        case EXPR.const:
          before(a, this.nameCount, 'name');
          before(b, levelLists.length + 1, 'level list');
          before(c, levelLists.length - b + 1, 'level list');
          break;
        case EXPR.app:
          before(a, index, 'expression');
          before(b, index, 'expression');
          break;
        case EXPR.lambda:
        case EXPR.forall:
          before(a, this.nameCount, 'name');
          before(b, index, 'expression');
          before(c, index, 'expression');
          before(d, 4, 'binder info');
          break;
        case EXPR.let:
          before(a, this.nameCount, 'name');
          before(b, index, 'expression');
          before(c, index, 'expression');
          before(d, index, 'expression');
          break;
        case EXPR.nat:
          if (!numbers.has(a)) {
            if (!/^\d{1,1000000}$/.test(strings[a] ?? ''))
              throw new MalformedExportError('a literal that is no number');
            numbers.add(a);
          }
          break;
        case EXPR.string:
          before(a, strings.length, 'string');
          break;
        case EXPR.proj:
          before(a, this.nameCount, 'name');
          before(b, 2 ** 20, 'field');
          before(c, index, 'expression');
          break;
        default:
          throw new MalformedExportError('an expression of no known kind');
      }
    }
  }

  #checkDeclaration(declaration: Declaration): void {
    for (const name of this.declaredNames(declaration)) {
      if (before(name, this.nameCount, 'name') === 0)
        throw new MalformedExportError('an anonymous declaration');
    }
    for (const name of declaration.levelParams) before(name, this.nameCount, 'name');
    if (declaration.kind === 'inductive') {
      for (const type of declaration.types) {
        before(type.type, this.exprCount, 'expression');
        for (const constructor of type.constructors) before(constructor.type, this.exprCount, 'expression');
      }
    } else {
      before(declaration.type, this.exprCount, 'expression');
      if ('value' in declaration) before(declaration.value, this.exprCount, 'expression');
    }
  }
}
