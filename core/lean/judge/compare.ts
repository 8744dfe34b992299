import { AuxiliaryNames } from './auxiliary.ts';
import { LevelComparison } from './compare-levels.ts';
import { declarationsByKey } from './constants.ts';
import { EXPR, EXPR_WIDTH, MalformedExportError, type Declaration, type ExportReader } from './export.ts';
import { nameOfKey } from './names.ts';
import { firstIndices, Pairs } from './pairs.ts';

/** Far above what honest statements come to. */
const MAX_UNIVERSES = 10_000_000;
/** Characters of what is said of a difference. */
const MAX_DETAIL = 2000;

export interface Difference {
  readonly reason: 'theorem-missing' | 'not-a-theorem' | 'statement-changed' | 'definition-changed';
  readonly detail: string;
}

export interface Comparison {
  /** The first one; undefined where there is none. */
  readonly difference: Difference | undefined;
  /**
   * Keys of names that Lean made up in both exports, for things that were not found to be the same: which declaration lends such a
   * name its beginning depends on what came before. The submission's have to be called otherwise where both are added.
   */
  readonly clashes: readonly string[];
}

/**
 * Compares a theorem as the statement gives it, elaborated in a clean environment, with the theorem of the same name in a
 * submission: universes, type, and every definition beyond the libraries that the type uses. Names of bound variables do
 * not count, binder kinds do. Names that Lean made up may differ where their contents do not.
 * @param statement an export whose last declaration is the goal
 * @param challenge the statement's text, which tells names that Lean made up from its author's; without it all names count
 * @throws MalformedExportError where there is too much to compare
 */
export function compareTheorem(
  statement: ExportReader,
  submission: ExportReader,
  challenge?: string,
): Comparison {
  const comparing = new Comparing(statement, submission, new AuxiliaryNames(challenge));
  const difference = comparing.run();
  return { difference, clashes: difference === undefined ? comparing.clashes() : [] };
}

class Comparing {
  readonly #left: ExportReader;
  readonly #right: ExportReader;
  readonly #leftDeclared: ReadonlyMap<string, Declaration>;
  readonly #rightDeclared: ReadonlyMap<string, Declaration>;
  readonly #auxiliary: AuxiliaryNames;
  readonly #levels: LevelComparison;
  /** Pairs of expressions. */
  readonly #seen: Pairs;
  /** Of constants, by the first index of their names, and of literals, by that of their texts: either may be long, and many share one. */
  readonly #seenNames: Pairs;
  readonly #seenTexts: Pairs;
  readonly #first: Readonly<Record<'leftNames' | 'rightNames' | 'leftTexts' | 'rightTexts', Int32Array>>;
  /** Keys that both declare, for the same thing as far as what was compared is the same. */
  readonly #shared = new Set<string>();
  /** Universes of constants that were compared. */
  #universes = 0;
  #difference: Difference | undefined;

  constructor(left: ExportReader, right: ExportReader, auxiliary: AuxiliaryNames) {
    this.#left = left;
    this.#right = right;
    this.#auxiliary = auxiliary;
    this.#levels = new LevelComparison(left, right);
    this.#seen = new Pairs(right.exprCount);
    this.#seenNames = new Pairs(right.nameCount);
    this.#seenTexts = new Pairs(right.data.strings.length);
    this.#first = {
      leftNames: firstIndices(left.nameKeys),
      rightNames: firstIndices(right.nameKeys),
      leftTexts: firstIndices(left.data.strings),
      rightTexts: firstIndices(right.data.strings),
    };
    this.#leftDeclared = declarationsByKey(left);
    this.#rightDeclared = declarationsByKey(right);
  }

  run(): Difference | undefined {
    const goal = this.#left.data.declarations.at(-1);
    if (goal?.kind !== 'goal') throw new TypeError('the statement export does not end with its goal');
    const name = this.#left.nameText(goal.name);
    const found = this.#rightDeclared.get(this.#left.nameKey(goal.name));
    if (found === undefined) return { reason: 'theorem-missing', detail: `no theorem ${name}` };
    if (found.kind !== 'theorem') {
      return {
        reason: 'not-a-theorem',
        detail: `${name} is declared as ${describe(found)}, not as a theorem`,
      };
    }
    if (!this.#sameParams(goal, found)) {
      const show = (reader: ExportReader, d: Declaration): string =>
        `[${d.levelParams.map((p) => reader.nameText(p)).join(', ')}]`;
      return {
        reason: 'statement-changed',
        detail: `the universes of ${name} changed: expected ${show(this.#left, goal)}, found ${show(this.#right, found)}`,
      };
    }
    if (this.#sameExpr(goal.type, found.type)) return undefined;
    return (
      this.#difference ?? {
        reason: 'statement-changed',
        detail: `the type of ${name} is not that of the statement`,
      }
    );
  }

  /** After a comparison that found no difference. */
  clashes(): string[] {
    const goal = this.#left.data.declarations.at(-1);
    const clashing = (key: string, declaration: Declaration): boolean =>
      declaration !== goal &&
      declaration.kind !== 'hole' &&
      !this.#shared.has(key) &&
      this.#rightDeclared.has(key) &&
      this.#auxiliary.interchangeable(nameOfKey(key), nameOfKey(key));
    return [...this.#leftDeclared]
      .filter(([key, declaration]) => clashing(key, declaration))
      .map(([key]) => key);
  }

  #sameParams(left: Declaration, right: Declaration): boolean {
    return (
      left.levelParams.length === right.levelParams.length &&
      left.levelParams.every(
        (p, i) => this.#left.nameKey(p) === this.#right.nameKey(right.levelParams[i] ?? -1),
      )
    );
  }

  /** Iterative: types may be deeper than JavaScript's stack. */
  #sameExpr(leftRoot: number, rightRoot: number): boolean {
    const left = this.#left.data.exprs;
    const right = this.#right.data.exprs;
    const pairs: [number, number][] = [[leftRoot, rightRoot]];
    for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
      if (!this.#seen.note(...pair)) continue;
      const [l, r] = [pair[0] * EXPR_WIDTH, pair[1] * EXPR_WIDTH];
      const operator = left[l];
      const [a, b, c, d] = [left[l + 1] ?? 0, left[l + 2] ?? 0, left[l + 3] ?? 0, left[l + 4] ?? 0];
      const [e, f, g, h] = [right[r + 1] ?? 0, right[r + 2] ?? 0, right[r + 3] ?? 0, right[r + 4] ?? 0];
      if (operator !== right[r]) return this.#differs('the shape of the type differs');
      switch (operator) {
        case EXPR.bvar:
          if (a !== e) return this.#differs('a bound variable differs');
          break;
        case EXPR.sort:
          if (!this.#levels.same(a, e)) return this.#differs('a universe differs');
          break;
        case EXPR.const:
          if (!this.#sameConstant(a, e)) return false;
          if (c !== g) return this.#differs('a number of universes differs');
          this.#universes += c;
          if (this.#universes > MAX_UNIVERSES) throw new MalformedExportError('it takes too long to compare');
          for (let i = 0; i < c; i++) {
            const at = this.#left.data.levelLists[b + i] ?? 0;
            const other = this.#right.data.levelLists[f + i] ?? 0;
            if (!this.#levels.same(at, other))
              return this.#differs(`the universes of ${this.#left.nameText(a)} differ`);
          }
          break;
        case EXPR.app:
          pairs.push([a, e], [b, f]);
          break;
        case EXPR.lambda:
        case EXPR.forall:
          if (d !== h) return this.#differs(`the binder kind of ${this.#left.nameText(a)} differs`);
          pairs.push([b, f], [c, g]);
          break;
        case EXPR.let:
          pairs.push([b, f], [c, g], [d, h]);
          break;
        case EXPR.nat:
        case EXPR.string: {
          const { leftTexts, rightTexts } = this.#first;
          if (!this.#seenTexts.note(leftTexts[a] ?? 0, rightTexts[e] ?? 0)) break;
          const [expected, found] = [this.#left.data.strings[a] ?? '', this.#right.data.strings[e] ?? ''];
          if (expected !== found) return this.#differs(`a literal: expected ${expected}, found ${found}`);
          break;
        }
        case EXPR.proj:
          if (b !== f) return this.#differs('a projection differs');
          if (!this.#sameConstant(a, e)) return false;
          pairs.push([c, g]);
          break;
        default:
          return this.#differs('an expression of no known kind');
      }
    }
    return true;
  }

  #sameConstant(left: number, right: number): boolean {
    const { leftNames, rightNames } = this.#first;
    if (!this.#seenNames.note(leftNames[left] ?? 0, rightNames[right] ?? 0)) return true;
    const [leftKey, rightKey] = [this.#left.nameKey(left), this.#right.nameKey(right)];
    const [expected, found] = [this.#left.nameText(left), this.#right.nameText(right)];
    const leftDeclaration = this.#leftDeclared.get(leftKey);
    const rightDeclaration = this.#rightDeclared.get(rightKey);
    const mayStand =
      leftKey === rightKey ||
      (leftDeclaration?.kind !== 'hole' && this.#auxiliary.interchangeable(expected, found));
    if (!mayStand || (leftDeclaration === undefined) !== (rightDeclaration === undefined)) {
      return this.#differs(
        `expected ${expected}, found ${found}${leftKey === rightKey ? ' of another origin' : ''}`,
      );
    }
    if (leftDeclaration === undefined || rightDeclaration === undefined) return leftKey === rightKey;
    if (leftKey === rightKey) this.#shared.add(leftKey);
    if (this.#sameDeclaration(leftDeclaration, rightDeclaration)) return true;
    const inner = this.#difference?.detail;
    this.#difference = {
      reason: 'definition-changed',
      detail: `the definition of ${expected} is not that of the statement${inner === undefined ? '' : ` (${inner})`}`,
    };
    return false;
  }

  #sameDeclaration(left: Declaration, right: Declaration): boolean {
    if (left.kind === 'hole') return this.#fills(left, right);
    if (left.kind !== right.kind || !this.#sameParams(left, right)) return false;
    if (left.kind === 'inductive') {
      if (right.kind !== 'inductive' || left.numParams !== right.numParams) return false;
      return sameLength(left.types, right.types, (type, other) => {
        if (this.#left.nameKey(type.name) !== this.#right.nameKey(other.name)) return false;
        if (!this.#sameExpr(type.type, other.type)) return false;
        return sameLength(
          type.constructors,
          other.constructors,
          (c, o) =>
            this.#left.nameKey(c.name) === this.#right.nameKey(o.name) && this.#sameExpr(c.type, o.type),
        );
      });
    }
    if (right.kind === 'inductive' || !this.#sameExpr(left.type, right.type)) return false;
    // A proof inside a definition may be any proof: the kernel cannot tell two apart.
    if (left.kind === 'theorem') return true;
    return !('value' in left) || !('value' in right) || this.#sameExpr(left.value, right.value);
  }

  /** A definition that is left to the submission: of the same type, whatever its value. */
  #fills(hole: Extract<Declaration, { kind: 'hole' }>, found: Declaration): boolean {
    if (found.kind !== 'definition')
      return this.#differs(`${this.#left.nameText(hole.name)} is ${describe(found)}, not a definition`);
    if (!this.#sameParams(hole, found)) return this.#differs('its universes differ');
    return this.#sameExpr(hole.type, found.type);
  }

  #differs(detail: string): false {
    // Names and literals may be long.
    const said = detail.length > MAX_DETAIL ? `${detail.slice(0, MAX_DETAIL)}…` : detail;
    this.#difference ??= { reason: 'statement-changed', detail: `the statement changed: ${said}` };
    return false;
  }
}

function sameLength<L, R>(left: readonly L[], right: readonly R[], same: (l: L, r: R) => boolean): boolean {
  return (
    left.length === right.length &&
    left.every((item, i) => {
      const other = right[i];
      return other !== undefined && same(item, other);
    })
  );
}

function describe(declaration: Declaration): string {
  return /^[aio]/.test(declaration.kind) ? `an ${declaration.kind}` : `a ${declaration.kind}`;
}
