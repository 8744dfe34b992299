import { z } from 'zod';

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

export const NAME = { text: 0, number: 1 } as const;
export const LEVEL = { zero: 0, succ: 1, max: 2, imax: 3, param: 4 } as const;
/** Operators and what a, b, c, d hold. */
export const EXPR = {
  /** index */
  bvar: 0,
  /** level */
  sort: 1,
  /** name, offset and length in levelLists */
  const: 2,
  /** function, argument */
  app: 3,
  /** binder name, type, body, binder info */
  lambda: 4,
  /** binder name, type, body, binder info */
  forall: 5,
  /** name, type, value, body */
  let: 6,
  /** string with decimal digits */
  nat: 7,
  /** string */
  string: 8,
  /** structure name, index, structure */
  proj: 9,
} as const;
export const EXPR_WIDTH = 5;
export const NAME_WIDTH = 3;
export const LEVEL_WIDTH = 3;

/** Bounds of one export. A proof by a decision procedure seldom passes 100,000 expressions. */
export const EXPORT_LIMITS = {
  strings: 500_000,
  stringCharacters: 16_000_000,
  names: 500_000,
  levels: 200_000,
  levelLists: 2_000_000,
  exprs: 3_000_000,
  declarations: 50_000,
  /** Components of a name. */
  nameDepth: 500,
  /** Nesting of a level. */
  levelDepth: 2000,
  /** Lean itself cannot keep larger indices of bound variables. */
  boundVariable: 2 ** 20 - 2,
} as const;

const TEXT_MARK = '\uF8F0';
const NUMBER_MARK = '\uF8F1';
const MARKS = /[\uF8F0\uF8F1]/g;

/** The key of a name from that of its prefix and its last component. */
export function nameKey(prefix: string, kind: number, part: string): string {
  return `${prefix}${kind === NAME.text ? TEXT_MARK : NUMBER_MARK}${part}`;
}

/** Says that an export is not well-formed. */
export class MalformedExportError extends Error {
  override readonly name = 'MalformedExportError';
}

/** An export that has been found well-formed: every reference in it is in range and points backwards. */
export class ExportReader {
  readonly data: DeclarationExport;
  readonly #nameKeys: string[] = [''];

  /** @throws MalformedExportError where a bound is passed or a reference is out of range */
  constructor(input: unknown) {
    const parsed = declarationExportSchema.safeParse(input);
    if (!parsed.success) throw new MalformedExportError(z.prettifyError(parsed.error).slice(0, 500));
    this.data = parsed.data;
    this.#checkSizes();
    this.#checkNames();
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
    return this.#nameKeys[index] ?? '';
  }

  /** The name as people write it. */
  nameText(index: number): string {
    return this.nameKey(index).slice(1).replace(MARKS, '.');
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

  #checkNames(): void {
    const { names, strings } = this.data;
    const depths = [0];
    for (let i = 0; i < names.length; i += NAME_WIDTH) {
      const prefix = this.#before(names[i], this.#nameKeys.length, 'name');
      const kind = names[i + 1];
      const text = strings[this.#before(names[i + 2], strings.length, 'string')] ?? '';
      if (kind !== NAME.text && kind !== NAME.number)
        throw new MalformedExportError('a name of no known kind');
      // One Lean name, one key: a number is written in one way, and what is no Unicode would be read as something else.
      if (kind === NAME.number && !/^(?:0|[1-9]\d{0,19})$/.test(text))
        throw new MalformedExportError('a name with no number');
      if (!text.isWellFormed()) throw new MalformedExportError('a name that is no Unicode');
      // Keys must stay unambiguous, and no honest name holds these.
      if (text.search(MARKS) >= 0) throw new MalformedExportError('a name with a private-use character');
      const depth = (depths[prefix] ?? 0) + 1;
      if (depth > EXPORT_LIMITS.nameDepth) throw new MalformedExportError('a name of too many components');
      depths.push(depth);
      this.#nameKeys.push(nameKey(this.nameKey(prefix), kind, text));
    }
  }

  #checkLevels(): void {
    const { levels } = this.data;
    const depths: number[] = [];
    for (let i = 0; i < levels.length; i += LEVEL_WIDTH) {
      const [operator, a, b] = [levels[i], levels[i + 1], levels[i + 2]];
      const depthOf = (at: number | undefined): number =>
        depths[this.#before(at, depths.length, 'level')] ?? 0;
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
          this.#before(a, this.nameCount, 'name');
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
    for (const level of levelLists) this.#before(level, this.levelCount, 'level');
    for (let i = 0; i < exprs.length; i += EXPR_WIDTH) {
      const index = i / EXPR_WIDTH;
      const [a, b, c, d] = [exprs[i + 1] ?? -1, exprs[i + 2] ?? -1, exprs[i + 3] ?? -1, exprs[i + 4] ?? -1];
      switch (exprs[i]) {
        case EXPR.bvar:
          this.#before(a, EXPORT_LIMITS.boundVariable, 'bound variable');
          break;
        case EXPR.sort:
          this.#before(a, this.levelCount, 'level');
          break;
        case EXPR.const:
          this.#before(a, this.nameCount, 'name');
          this.#before(b, levelLists.length + 1, 'level list');
          this.#before(c, levelLists.length - b + 1, 'level list');
          break;
        case EXPR.app:
          this.#before(a, index, 'expression');
          this.#before(b, index, 'expression');
          break;
        case EXPR.lambda:
        case EXPR.forall:
          this.#before(a, this.nameCount, 'name');
          this.#before(b, index, 'expression');
          this.#before(c, index, 'expression');
          this.#before(d, 4, 'binder info');
          break;
        case EXPR.let:
          this.#before(a, this.nameCount, 'name');
          this.#before(b, index, 'expression');
          this.#before(c, index, 'expression');
          this.#before(d, index, 'expression');
          break;
        case EXPR.nat:
          if (!/^\d{1,1000000}$/.test(strings[a] ?? ''))
            throw new MalformedExportError('a literal that is no number');
          break;
        case EXPR.string:
          this.#before(a, strings.length, 'string');
          break;
        case EXPR.proj:
          this.#before(a, this.nameCount, 'name');
          this.#before(b, 2 ** 20, 'field');
          this.#before(c, index, 'expression');
          break;
        default:
          throw new MalformedExportError('an expression of no known kind');
      }
    }
  }

  #checkDeclaration(declaration: Declaration): void {
    for (const name of this.declaredNames(declaration)) {
      if (this.#before(name, this.nameCount, 'name') === 0)
        throw new MalformedExportError('an anonymous declaration');
    }
    for (const name of declaration.levelParams) this.#before(name, this.nameCount, 'name');
    if (declaration.kind === 'inductive') {
      for (const type of declaration.types) {
        this.#before(type.type, this.exprCount, 'expression');
        for (const constructor of type.constructors)
          this.#before(constructor.type, this.exprCount, 'expression');
      }
    } else {
      this.#before(declaration.type, this.exprCount, 'expression');
      if ('value' in declaration) this.#before(declaration.value, this.exprCount, 'expression');
    }
  }

  #before(reference: number | undefined, end: number, what: string): number {
    if (reference === undefined || reference < 0 || reference >= end) {
      throw new MalformedExportError(`a reference to a ${what} out of range`);
    }
    return reference;
  }
}
