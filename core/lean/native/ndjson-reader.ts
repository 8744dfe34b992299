import {
  EXPR,
  EXPORT_LIMITS,
  LEVEL,
  MalformedExportError,
  NAME,
  type Declaration,
  type DeclarationExport,
} from '../judge/export.ts';

/** An export that holds a declaration which no proof may use. */
export class UnsafeExportError extends Error {
  override readonly name = 'UnsafeExportError';
}

type Fields = Readonly<Record<string, unknown>>;

/** Of universes, parameters, constructors: honest lists are far shorter. */
const MAX_LIST = 50_000;
const BINDERS = ['default', 'implicit', 'strictImplicit', 'instImplicit'];

/**
 * Reads declarations in Lean's public export format (`lean4export`, versions 3.0 and 3.1: a JSON object a line), line by
 * line, into the flat arrays that are compared and judged. Entries must come in order and refer only to those before
 * them; sizes are bounded while they grow, so that an endless export cannot fill the memory.
 */
export class NdjsonReader {
  readonly #strings: string[] = [];
  readonly #stringIndex = new Map<string, number>();
  #characters = 0;
  readonly #names: number[] = [];
  readonly #levels: number[] = [LEVEL.zero, 0, 0];
  readonly #levelLists: number[] = [];
  readonly #exprs: number[] = [];
  /** Their index → ours: annotations (`mdata`) are left out. */
  readonly #exprIndex: number[] = [];
  readonly #declarations: Declaration[] = [];

  /** @throws MalformedExportError; UnsafeExportError */
  push(line: Fields): void {
    if ('ie' in line) this.#expr(line);
    else if ('in' in line) this.#name(line);
    else if ('il' in line) this.#level(line);
    else if (!('meta' in line)) this.#declaration(line);
  }

  /** What has been read. It still has to pass through an `ExportReader`, which checks all references. */
  finish(): DeclarationExport {
    return {
      strings: this.#strings,
      names: Int32Array.from(this.#names),
      levels: Int32Array.from(this.#levels),
      levelLists: Int32Array.from(this.#levelLists),
      exprs: Int32Array.from(this.#exprs),
      declarations: this.#declarations,
    };
  }

  #name(line: Fields): void {
    expectNext(line['in'], this.#names.length / 3 + 1, EXPORT_LIMITS.names, 'names');
    if ('str' in line) {
      const body = object(line['str']);
      this.#names.push(index(body['pre']), NAME.text, this.#string(string(body['str'])));
    } else {
      const body = object(line['num']);
      this.#names.push(index(body['pre']), NAME.number, this.#string(String(index(body['i']))));
    }
  }

  #level(line: Fields): void {
    expectNext(line['il'], this.#levels.length / 3, EXPORT_LIMITS.levels, 'levels');
    if ('succ' in line) this.#levels.push(LEVEL.succ, index(line['succ']), 0);
    else if ('param' in line) this.#levels.push(LEVEL.param, index(line['param']), 0);
    else {
      const [left, right] = array('max' in line ? line['max'] : line['imax']);
      this.#levels.push('max' in line ? LEVEL.max : LEVEL.imax, index(left), index(right));
    }
  }

  #expr(line: Fields): void {
    expectNext(line['ie'], this.#exprIndex.length, EXPORT_LIMITS.exprs, 'exprs');
    const next = this.#exprs.length / 5;
    if ('mdata' in line) {
      this.#exprIndex.push(this.#ref(object(line['mdata'])['expr']));
      return;
    }
    this.#exprs.push(...this.#exprEntry(line));
    this.#exprIndex.push(next);
  }

  #exprEntry(line: Fields): readonly [number, number, number, number, number] {
    if ('app' in line) {
      const { fn, arg } = object(line['app']);
      return [EXPR.app, this.#ref(fn), this.#ref(arg), 0, 0];
    }
    if ('bvar' in line) return [EXPR.bvar, index(line['bvar']), 0, 0, 0];
    if ('const' in line) {
      const { name, us } = object(line['const']);
      const levels = array(us).map(index);
      const offset = this.#levelLists.length;
      if (offset + levels.length > EXPORT_LIMITS.levelLists) throw tooMany('levelLists');
      for (const level of levels) this.#levelLists.push(level);
      return [EXPR.const, index(name), offset, levels.length, 0];
    }
    if ('lam' in line) return this.#binder(EXPR.lambda, object(line['lam']));
    if ('forallE' in line) return this.#binder(EXPR.forall, object(line['forallE']));
    if ('sort' in line) return [EXPR.sort, index(line['sort']), 0, 0, 0];
    if ('letE' in line) {
      const { name, type, value, body } = object(line['letE']);
      return [EXPR.let, index(name), this.#ref(type), this.#ref(value), this.#ref(body)];
    }
    if ('natVal' in line) return [EXPR.nat, this.#string(string(line['natVal'])), 0, 0, 0];
    if ('strVal' in line) return [EXPR.string, this.#string(string(line['strVal'])), 0, 0, 0];
    if ('proj' in line) {
      const { typeName, idx, struct } = object(line['proj']);
      return [EXPR.proj, index(typeName), index(idx), this.#ref(struct), 0];
    }
    throw new MalformedExportError('an expression of no known kind');
  }

  #binder(operator: number, body: Fields): readonly [number, number, number, number, number] {
    const info = BINDERS.indexOf(string(body['binderInfo']));
    if (info < 0) throw new MalformedExportError('a binder of no known kind');
    return [operator, index(body['name']), this.#ref(body['type']), this.#ref(body['body']), info];
  }

  #declaration(line: Fields): void {
    if (this.#declarations.length >= EXPORT_LIMITS.declarations) throw tooMany('declarations');
    const [kind, ...more] = Object.keys(line);
    if (kind === undefined || more.length > 0) throw new MalformedExportError('a line of no known kind');
    const body = object(line[kind]);
    this.#declarations.push(kind === 'inductive' ? this.#inductive(body) : this.#constant(kind, body));
  }

  #constant(kind: string, body: Fields): Declaration {
    refuseUnsafe(body);
    const common = this.#common(body);
    switch (kind) {
      case 'axiom':
        return { kind: 'axiom', ...common };
      case 'thm':
        return { kind: 'theorem', ...common, value: this.#ref(body['value']) };
      case 'opaque':
        return { kind: 'opaque', ...common, value: this.#ref(body['value']) };
      case 'def':
        return {
          kind: 'definition',
          ...common,
          value: this.#ref(body['value']),
          hints: hints(body['hints']),
        };
      default:
        throw new MalformedExportError(`a declaration of kind ${kind.slice(0, 50)}`);
    }
  }

  #inductive(body: Fields): Declaration {
    const constructors = new Map(
      array(body['ctors']).map((item) => {
        const constructor = object(item);
        refuseUnsafe(constructor);
        const { name, type } = this.#common(constructor);
        return [name, { name, type }];
      }),
    );
    const types = array(body['types']).map((item) => {
      const type = object(item);
      refuseUnsafe(type);
      const own = array(type['ctors']).map((name) => constructors.get(index(name)));
      if (own.includes(undefined)) throw new MalformedExportError('a constructor that is not there');
      return { fields: type, ...this.#common(type), constructors: own.filter((c) => c !== undefined) };
    });
    const first = types[0];
    if (first === undefined) throw new MalformedExportError('an inductive declaration of nothing');
    return {
      kind: 'inductive',
      levelParams: first.levelParams,
      numParams: index(first.fields['numParams']),
      types: types.map(({ name, type, constructors: own }) => ({ name, type, constructors: own })),
    };
  }

  #common(body: Fields): { name: number; levelParams: number[]; type: number } {
    return {
      name: index(body['name']),
      levelParams: array(body['levelParams']).map(index),
      type: this.#ref(body['type']),
    };
  }

  #ref(value: unknown): number {
    const at = this.#exprIndex[index(value)];
    if (at === undefined) throw new MalformedExportError('a reference to an expression out of range');
    return at;
  }

  #string(text: string): number {
    const known = this.#stringIndex.get(text);
    if (known !== undefined) return known;
    this.#characters += text.length;
    if (this.#strings.length >= EXPORT_LIMITS.strings || this.#characters > EXPORT_LIMITS.stringCharacters)
      throw tooMany('strings');
    this.#stringIndex.set(text, this.#strings.length);
    return this.#strings.push(text) - 1;
  }
}

function refuseUnsafe(body: Fields): void {
  if (body['isUnsafe'] === true || (body['safety'] !== undefined && body['safety'] !== 'safe'))
    throw new UnsafeExportError('a declaration that is unsafe or partial');
}

function hints(value: unknown): 'opaque' | 'abbrev' | number {
  return value === 'opaque' || value === 'abbrev' ? value : index(object(value)['regular']);
}

function expectNext(found: unknown, next: number, limit: number, what: string): void {
  if (found !== next) throw new MalformedExportError(`${what}: entries out of order`);
  if (next >= limit) throw tooMany(what);
}

function tooMany(what: string): MalformedExportError {
  return new MalformedExportError(`too many ${what}`);
}

function index(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > 0xffffffff)
    throw new MalformedExportError('an index that is none');
  return value;
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw new MalformedExportError('a text that is none');
  return value;
}

function array(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new MalformedExportError('a list that is none');
  if (value.length > MAX_LIST) throw tooMany('items in a list');
  return value;
}

function object(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedExportError('an object that is none');
  return value as Fields;
}
