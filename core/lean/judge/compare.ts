import { declarationsByKey } from './constants.ts';
import { EXPR, EXPR_WIDTH, LEVEL, LEVEL_WIDTH, type Declaration, type ExportReader } from './export.ts';

export interface Difference {
  readonly reason: 'theorem-missing' | 'not-a-theorem' | 'statement-changed' | 'definition-changed';
  readonly detail: string;
}

/**
 * Names that the elaborator makes up, for `match` above all; which declaration lends the name depends on what came before.
 * They may differ where their contents do not.
 */
const MATCHER = /(?:^|\.)(?:match_\d+|_[A-Za-z]+_\d+)$/;

/**
 * Compares a theorem as the statement gives it, elaborated in a clean environment, with the theorem of the same name in a
 * submission: universes, type, and every definition beyond the libraries that the type uses. Names of bound variables do
 * not count, binder kinds do.
 * @param statement an export whose last declaration is the goal
 * @returns the first difference, or undefined where there is none
 */
export function compareTheorem(statement: ExportReader, submission: ExportReader): Difference | undefined {
  return new Comparison(statement, submission).run();
}

class Comparison {
  readonly #left: ExportReader;
  readonly #right: ExportReader;
  readonly #leftDeclared: ReadonlyMap<string, Declaration>;
  readonly #rightDeclared: ReadonlyMap<string, Declaration>;
  /** Pairs of expressions found equal, as left × count + right. */
  readonly #equal = new Set<number>();
  /** Pairs of declarations found or assumed equal. */
  readonly #equalDeclarations = new Set<string>();
  #difference: Difference | undefined;

  constructor(left: ExportReader, right: ExportReader) {
    this.#left = left;
    this.#right = right;
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
      const key = pair[0] * this.#right.exprCount + pair[1];
      if (this.#equal.has(key)) continue;
      this.#equal.add(key);
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
          if (!this.#sameLevel(a, e)) return this.#differs('a universe differs');
          break;
        case EXPR.const:
          if (!this.#sameConstant(a, e)) return false;
          if (c !== g) return this.#differs('a number of universes differs');
          for (let i = 0; i < c; i++) {
            const at = this.#left.data.levelLists[b + i] ?? 0;
            const other = this.#right.data.levelLists[f + i] ?? 0;
            if (!this.#sameLevel(at, other))
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

  #sameLevel(left: number, right: number): boolean {
    const l = this.#left.data.levels;
    const r = this.#right.data.levels;
    const [a, b] = [l[left * LEVEL_WIDTH + 1] ?? 0, l[left * LEVEL_WIDTH + 2] ?? 0];
    const [c, d] = [r[right * LEVEL_WIDTH + 1] ?? 0, r[right * LEVEL_WIDTH + 2] ?? 0];
    const operator = l[left * LEVEL_WIDTH];
    if (operator !== r[right * LEVEL_WIDTH]) return false;
    switch (operator) {
      case LEVEL.zero:
        return true;
      case LEVEL.succ:
        return this.#sameLevel(a, c);
      case LEVEL.param:
        return this.#left.nameKey(a) === this.#right.nameKey(c);
      default:
        return this.#sameLevel(a, c) && this.#sameLevel(b, d);
    }
  }

  #sameConstant(left: number, right: number): boolean {
    const [leftKey, rightKey] = [this.#left.nameKey(left), this.#right.nameKey(right)];
    const [expected, found] = [this.#left.nameText(left), this.#right.nameText(right)];
    const leftDeclaration = this.#leftDeclared.get(leftKey);
    const rightDeclaration = this.#rightDeclared.get(rightKey);
    const interchangeable = leftKey === rightKey || (MATCHER.test(expected) && MATCHER.test(found));
    if (!interchangeable || (leftDeclaration === undefined) !== (rightDeclaration === undefined)) {
      return this.#differs(
        `expected ${expected}, found ${found}${leftKey === rightKey ? ' of another origin' : ''}`,
      );
    }
    if (leftDeclaration === undefined || rightDeclaration === undefined) return leftKey === rightKey;
    const key = `${leftKey} ${rightKey}`;
    if (this.#equalDeclarations.has(key)) return true;
    this.#equalDeclarations.add(key);
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
    this.#difference ??= { reason: 'statement-changed', detail: `the statement changed: ${detail}` };
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
