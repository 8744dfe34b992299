import {
  EXPR,
  EXPR_WIDTH,
  LEVEL,
  LEVEL_WIDTH,
  NAME,
  NAME_WIDTH,
  type Declaration,
  type ExportReader,
} from '../../core/lean/judge/export.ts';
import { DECLARATION_TAG, LITERAL_TAG, SAFETY } from './layout.ts';
import { BOX_ZERO, box, type LeanObjects, type Ref } from './objects.ts';

/** The `regular` reducibility hint's constructor number. */
const HINTS_REGULAR = 2;

/** Builds Lean objects from a well-formed export, by Lean's own smart constructors. */
export class ExpressionReader {
  readonly #objects: LeanObjects;
  readonly #export: ExportReader;
  readonly #names: Ref[] = [BOX_ZERO];
  readonly #levels: Ref[] = [];
  readonly #exprs: Ref[] = [];

  constructor(objects: LeanObjects, data: ExportReader) {
    this.#objects = objects;
    this.#export = data;
    this.#readNames();
    this.#readLevels();
    this.#readExprs();
  }

  dispose(): void {
    for (const refs of [this.#names, this.#levels, this.#exprs]) {
      for (const ref of refs) this.#objects.release(ref);
      refs.length = 0;
    }
  }

  /** Owned by the caller. */
  name(index: number): Ref {
    return this.#objects.retain(this.#names[index] ?? BOX_ZERO);
  }

  /** Owned by the caller. */
  expr(index: number): Ref {
    return this.#objects.retain(this.#exprs[index] ?? BOX_ZERO);
  }

  /** A `Declaration` for the kernel, owned by the caller. */
  declaration(declaration: Exclude<Declaration, { kind: 'goal' | 'hole' }>): Ref {
    const objects = this.#objects;
    if (declaration.kind === 'inductive') {
      const types = declaration.types.map((type) => {
        const constructors = type.constructors.map((c) =>
          objects.make(0, [this.name(c.name), this.expr(c.type)]),
        );
        return objects.make(0, [this.name(type.name), this.expr(type.type), objects.listOf(constructors)]);
      });
      const levels = this.#nameList(declaration.levelParams);
      const safe = [0];
      return objects.make(
        DECLARATION_TAG.inductive,
        [levels, objects.nat(declaration.numParams), objects.listOf(types)],
        safe,
      );
    }
    const constant = this.constantVal(declaration.name, declaration.levelParams, this.expr(declaration.type));
    const all = (): Ref => this.#nameList([declaration.name]);
    switch (declaration.kind) {
      case 'axiom':
        return objects.make(DECLARATION_TAG.axiom, [objects.make(0, [constant], [0])]);
      case 'theorem':
        return this.theorem(declaration.name, constant, declaration.value);
      case 'opaque': {
        const value = objects.make(0, [constant, this.expr(declaration.value), all()], [0]);
        return objects.make(DECLARATION_TAG.opaque, [value]);
      }
      case 'definition': {
        const fields = [constant, this.expr(declaration.value), this.#hints(declaration.hints), all()];
        return objects.make(DECLARATION_TAG.definition, [objects.make(0, fields, [SAFETY.safe])]);
      }
    }
  }

  /** A theorem with a type that may come from elsewhere; takes ownership of `constant`. */
  theorem(name: number, constant: Ref, value: number): Ref {
    const fields = [constant, this.expr(value), this.#nameList([name])];
    return this.#objects.make(DECLARATION_TAG.theorem, [this.#objects.make(0, fields)]);
  }

  /** A `ConstantVal`; takes ownership of `type`. */
  constantVal(name: number, levelParams: readonly number[], type: Ref): Ref {
    return this.#objects.make(0, [this.name(name), this.#nameList(levelParams), type]);
  }

  #nameList(names: readonly number[]): Ref {
    return this.#objects.listOf(names.map((name) => this.name(name)));
  }

  #hints(hints: 'opaque' | 'abbrev' | number): Ref {
    if (hints === 'opaque') return box(0);
    if (hints === 'abbrev') return box(1);
    const bytes = [hints & 0xff, (hints >>> 8) & 0xff, (hints >>> 16) & 0xff, hints >>> 24];
    return this.#objects.make(HINTS_REGULAR, [], bytes);
  }

  #readNames(): void {
    const { names, strings } = this.#export.data;
    for (let i = 0; i < names.length; i += NAME_WIDTH) {
      const prefix = this.name(names[i] ?? 0);
      const text = strings[names[i + 2] ?? 0] ?? '';
      this.#names.push(
        names[i + 1] === NAME.text
          ? this.#objects.api.lean_name_mk_string(prefix, this.#objects.string(text))
          : this.#objects.api.lean_name_mk_numeral(prefix, this.#objects.nat(text)),
      );
    }
  }

  #readLevels(): void {
    const { levels } = this.#export.data;
    const { api } = this.#objects;
    const level = (index: number | undefined): Ref =>
      this.#objects.retain(this.#levels[index ?? -1] ?? BOX_ZERO);
    for (let i = 0; i < levels.length; i += LEVEL_WIDTH) {
      const [operator, a, b] = [levels[i], levels[i + 1], levels[i + 2]];
      if (operator === LEVEL.zero) this.#levels.push(api.lean_level_mk_zero(BOX_ZERO));
      else if (operator === LEVEL.succ) this.#levels.push(api.lean_level_mk_succ(level(a)));
      else if (operator === LEVEL.max) this.#levels.push(api.lean_level_mk_max(level(a), level(b)));
      else if (operator === LEVEL.imax) this.#levels.push(api.lean_level_mk_imax(level(a), level(b)));
      else this.#levels.push(api.lean_level_mk_param(this.name(a ?? 0)));
    }
  }

  #readExprs(): void {
    const { exprs } = this.#export.data;
    for (let i = 0; i < exprs.length; i += EXPR_WIDTH) {
      this.#exprs.push(
        this.#makeExpr(
          exprs[i] ?? -1,
          exprs[i + 1] ?? 0,
          exprs[i + 2] ?? 0,
          exprs[i + 3] ?? 0,
          exprs[i + 4] ?? 0,
        ),
      );
    }
  }

  #makeExpr(operator: number, a: number, b: number, c: number, d: number): Ref {
    const objects = this.#objects;
    const { api } = objects;
    const { strings, levelLists } = this.#export.data;
    switch (operator) {
      case EXPR.bvar:
        return api.lean_expr_mk_bvar(objects.nat(a));
      case EXPR.sort:
        return api.lean_expr_mk_sort(objects.retain(this.#levels[a] ?? BOX_ZERO));
      case EXPR.const: {
        const levels = Array.from(levelLists.subarray(b, b + c), (at) =>
          objects.retain(this.#levels[at] ?? BOX_ZERO),
        );
        return api.lean_expr_mk_const(this.name(a), objects.listOf(levels));
      }
      case EXPR.app:
        return api.lean_expr_mk_app(this.expr(a), this.expr(b));
      case EXPR.lambda:
        return api.lean_expr_mk_lambda(this.name(a), this.expr(b), this.expr(c), d);
      case EXPR.forall:
        return api.lean_expr_mk_forall(this.name(a), this.expr(b), this.expr(c), d);
      case EXPR.let:
        return api.lean_expr_mk_let(this.name(a), this.expr(b), this.expr(c), this.expr(d));
      case EXPR.nat:
        return api.lean_expr_mk_lit(objects.make(LITERAL_TAG.nat, [objects.nat(strings[a] ?? '0')]));
      case EXPR.string:
        return api.lean_expr_mk_lit(objects.make(LITERAL_TAG.string, [objects.string(strings[a] ?? '')]));
      default:
        return api.lean_expr_mk_proj(this.name(a), objects.nat(b), this.expr(c));
    }
  }
}
