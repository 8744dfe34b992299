import {
  EXPR,
  EXPR_WIDTH,
  LEVEL,
  LEVEL_WIDTH,
  NAME,
  NAME_WIDTH,
  type Declaration,
  type ExportReader,
} from '../judge/export.ts';

const BINDERS = ['default', 'implicit', 'strictImplicit', 'instImplicit'];

/** What an export's entries are called in the lines written so far. */
interface Written {
  readonly names: Map<number, number>;
  readonly levels: Map<number, number>;
  readonly exprs: Map<number, number>;
}

/**
 * Writes declarations, of one export or of several, as lines of Lean's public export format (version 3.1). Nothing is
 * written that no declaration uses. Iterative, as expressions may be deeper than JavaScript's stack.
 */
export class NdjsonWriter {
  readonly #lines: string[] = [];
  readonly #written = new Map<ExportReader, Written>();
  #names = 1;
  #levels = 1;
  #exprs = 0;

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** @param declaration of the reader's export; no goal and no hole, which have no value to write */
  declaration(reader: ExportReader, declaration: Exclude<Declaration, { kind: 'goal' | 'hole' }>): void {
    if (declaration.kind === 'inductive') this.#inductive(reader, declaration);
    else if (declaration.kind === 'axiom') {
      this.#line({ axiom: { ...this.#common(reader, declaration), isUnsafe: false } });
    } else {
      const common = this.#common(reader, declaration);
      const value = this.#expr(reader, declaration.value);
      const all = [common.name];
      if (declaration.kind === 'theorem') this.#line({ thm: { ...common, value, all } });
      else if (declaration.kind === 'opaque')
        this.#line({ opaque: { ...common, value, isUnsafe: false, all } });
      else {
        const hints =
          typeof declaration.hints === 'number' ? { regular: declaration.hints } : declaration.hints;
        this.#line({ def: { ...common, value, hints, safety: 'safe', all } });
      }
    }
  }

  /** A theorem that states what one export states, proved by what another one holds. */
  theorem(
    statement: { readonly reader: ExportReader; readonly goal: Extract<Declaration, { kind: 'goal' }> },
    proof: { readonly reader: ExportReader; readonly value: number },
  ): void {
    const common = this.#common(statement.reader, statement.goal);
    this.#line({
      thm: { ...common, value: this.#expr(proof.reader, proof.value), all: [common.name] },
    });
  }

  #inductive(reader: ExportReader, declaration: Extract<Declaration, { kind: 'inductive' }>): void {
    const { levelParams, numParams } = declaration;
    const blocks = declaration.types.map((type) => ({
      type: this.#common(reader, { ...type, levelParams }),
      ctors: type.constructors.map((constructor) => this.#common(reader, { ...constructor, levelParams })),
    }));
    const all = blocks.map(({ type }) => type.name);
    this.#line({
      inductive: {
        types: blocks.map(({ type, ctors }) => ({
          ...type,
          numParams,
          all,
          ctors: ctors.map((c) => c.name),
        })),
        ctors: blocks.flatMap(({ type, ctors }) => ctors.map((ctor) => ({ ...ctor, induct: type.name }))),
        recs: [],
      },
    });
  }

  #common(
    reader: ExportReader,
    { name, levelParams, type }: { name: number; levelParams: readonly number[]; type: number },
  ): { name: number; levelParams: number[]; type: number } {
    return {
      name: this.#name(reader, name),
      levelParams: levelParams.map((param) => this.#name(reader, param)),
      type: this.#expr(reader, type),
    };
  }

  #name(reader: ExportReader, name: number): number {
    const { names, strings } = reader.data;
    return this.#write(
      name,
      this.#of(reader).names,
      (index) => (index === 0 ? [] : [names[(index - 1) * NAME_WIDTH] ?? 0]),
      (index, [pre]) => {
        if (index === 0) return 0;
        const at = (index - 1) * NAME_WIDTH;
        const text = strings[names[at + 2] ?? -1] ?? '';
        const body =
          names[at + 1] === NAME.text ? { str: { pre, str: text } } : { num: { pre, i: Number(text) } };
        this.#line({ ...body, in: this.#names });
        return this.#names++;
      },
    );
  }

  #level(reader: ExportReader, level: number): number {
    const { levels } = reader.data;
    const entry = (index: number): [number, number, number] => {
      const at = index * LEVEL_WIDTH;
      return [levels[at] ?? -1, levels[at + 1] ?? 0, levels[at + 2] ?? 0];
    };
    return this.#write(
      level,
      this.#of(reader).levels,
      (index) => {
        const [operator, left, right] = entry(index);
        if (operator === LEVEL.succ) return [left];
        return operator === LEVEL.max || operator === LEVEL.imax ? [left, right] : [];
      },
      (index, [left, right]) => {
        const [operator, first] = entry(index);
        if (operator === LEVEL.zero) return 0;
        if (operator === LEVEL.succ) this.#line({ succ: left, il: this.#levels });
        else if (operator === LEVEL.max) this.#line({ max: [left, right], il: this.#levels });
        else if (operator === LEVEL.imax) this.#line({ imax: [left, right], il: this.#levels });
        else this.#line({ param: this.#name(reader, first), il: this.#levels });
        return this.#levels++;
      },
    );
  }

  #expr(reader: ExportReader, expr: number): number {
    const { exprs } = reader.data;
    return this.#write(
      expr,
      this.#of(reader).exprs,
      (index) => {
        const at = index * EXPR_WIDTH;
        const [a, b, c, d] = [exprs[at + 1] ?? 0, exprs[at + 2] ?? 0, exprs[at + 3] ?? 0, exprs[at + 4] ?? 0];
        switch (exprs[at]) {
          case EXPR.app:
            return [a, b];
          case EXPR.lambda:
          case EXPR.forall:
            return [b, c];
          case EXPR.let:
            return [b, c, d];
          case EXPR.proj:
            return [c];
          default:
            return [];
        }
      },
      (index, parts) => {
        this.#line({ ...this.#exprBody(reader, index, parts), ie: this.#exprs });
        return this.#exprs++;
      },
    );
  }

  #exprBody(reader: ExportReader, index: number, parts: readonly number[]): object {
    const { exprs, levelLists, strings } = reader.data;
    const at = index * EXPR_WIDTH;
    const [a, b, c, d] = [exprs[at + 1] ?? 0, exprs[at + 2] ?? 0, exprs[at + 3] ?? 0, exprs[at + 4] ?? 0];
    const [first, second, third] = parts;
    switch (exprs[at]) {
      case EXPR.bvar:
        return { bvar: a };
      case EXPR.sort:
        return { sort: this.#level(reader, a) };
      case EXPR.const: {
        const us = Array.from(levelLists.subarray(b, b + c), (level) => this.#level(reader, level));
        return { const: { name: this.#name(reader, a), us } };
      }
      case EXPR.app:
        return { app: { fn: first, arg: second } };
      case EXPR.lambda:
      case EXPR.forall: {
        const body = { name: this.#name(reader, a), type: first, body: second, binderInfo: BINDERS[d] };
        return exprs[at] === EXPR.lambda ? { lam: body } : { forallE: body };
      }
      case EXPR.let:
        return {
          letE: { name: this.#name(reader, a), type: first, value: second, body: third, nondep: false },
        };
      case EXPR.nat:
        return { natVal: strings[a] };
      case EXPR.string:
        return { strVal: strings[a] };
      case EXPR.proj:
        return { proj: { typeName: this.#name(reader, a), idx: b, struct: first } };
      default:
        throw new TypeError('an expression of no known kind');
    }
  }

  /** Writes an entry after those that it refers to, each once. */
  #write(
    root: number,
    written: Map<number, number>,
    partsOf: (index: number) => readonly number[],
    write: (index: number, parts: readonly number[]) => number,
  ): number {
    const stack = [root];
    for (let index = stack.at(-1); index !== undefined; index = stack.at(-1)) {
      if (!written.has(index)) {
        const parts = partsOf(index);
        const missing = parts.filter((part) => !written.has(part));
        if (missing.length > 0) {
          stack.push(...missing);
          continue;
        }
        const numbers = parts.map((part) => written.get(part) ?? 0);
        written.set(index, write(index, numbers));
      }
      stack.pop();
    }
    return written.get(root) ?? 0;
  }

  #of(reader: ExportReader): Written {
    let written = this.#written.get(reader);
    if (written === undefined) {
      written = { names: new Map(), levels: new Map(), exprs: new Map() };
      this.#written.set(reader, written);
    }
    return written;
  }

  #line(entry: object): void {
    this.#lines.push(JSON.stringify(entry));
  }
}
