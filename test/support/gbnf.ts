/** Reads GBNF, as far as our grammars go, to make random texts of it: what a model without any knowledge writes. */
type Expression =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly options: readonly Expression[] }
  | { readonly kind: 'repeat'; readonly of: Expression; readonly min: number; readonly max: number };

export interface Grammar {
  readonly rules: ReadonlyMap<string, Expression>;
  /** A random text; `random` gives numbers in [0, 1). */
  sample(random: () => number): string;
  /** Length of the longest text, in UTF-16 code units; Infinity for a recursive grammar. */
  readonly longest: number;
}

export function parseGbnf(text: string): Grammar {
  const rules = new Map<string, Expression>();
  const source = text.replace(/^\s*#.*$/gm, '');
  for (const [, name = '', body = ''] of source.matchAll(/^([a-z0-9-]+) ::= (.*)$/gm)) {
    rules.set(name, new Parser(body).parse());
  }
  const rule = (name: string): Expression => {
    const found = rules.get(name);
    if (found === undefined) throw new Error(`no rule ${name}`);
    return found;
  };
  const sample = (of: Expression, random: () => number): string => {
    switch (of.kind) {
      case 'literal':
        return of.text;
      case 'rule':
        return sample(rule(of.name), random);
      case 'sequence':
        return of.parts.map((part) => sample(part, random)).join('');
      case 'choice':
        return sample(of.options[Math.floor(random() * of.options.length)] ?? never(), random);
      case 'repeat': {
        let text = '';
        for (let i = 0; i < of.min || (i < of.max && random() < 0.4); i++) text += sample(of.of, random);
        return text;
      }
    }
  };
  const longest = (of: Expression, inside: readonly string[]): number => {
    switch (of.kind) {
      case 'literal':
        return of.text.length;
      case 'rule':
        return inside.includes(of.name) ? Infinity : longest(rule(of.name), [...inside, of.name]);
      case 'sequence':
        return of.parts.reduce((sum, part) => sum + longest(part, inside), 0);
      case 'choice':
        return Math.max(...of.options.map((option) => longest(option, inside)));
      case 'repeat':
        return of.max * longest(of.of, inside);
    }
  };
  return {
    rules,
    sample: (random) => sample(rule('root'), random),
    longest: longest(rule('root'), ['root']),
  };
}

function never(): never {
  throw new Error('a choice without options');
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.trim();
  }

  parse(): Expression {
    const expression = this.#choice();
    if (this.#at < this.#text.length) throw new Error(`stuck at ${this.#text.slice(this.#at)}`);
    return expression;
  }

  #choice(): Expression {
    const options = [this.#sequence()];
    while (this.#take(/\|\s*/y) !== undefined) options.push(this.#sequence());
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options };
  }

  #sequence(): Expression {
    const parts: Expression[] = [];
    for (let part = this.#item(); part !== undefined; part = this.#item()) parts.push(part);
    return { kind: 'sequence', parts };
  }

  #item(): Expression | undefined {
    const of = this.#atom();
    if (of === undefined) return undefined;
    const mark = this.#take(/\?|\{(\d+),(\d+)\}/y);
    this.#take(/\s+/y);
    if (mark === undefined) return of;
    return { kind: 'repeat', of, min: Number(mark[1] ?? 0), max: Number(mark[2] ?? 1) };
  }

  #atom(): Expression | undefined {
    const literal = this.#take(/"((?:[^"\\]|\\.)*)"/y);
    if (literal !== undefined) return { kind: 'literal', text: JSON.parse(literal[0]) as string };
    const range = this.#take(/\[(.)-(.)\]/uy);
    if (range !== undefined) {
      const [from, to] = [range[1] ?? '', range[2] ?? ''].map((c) => c.codePointAt(0) ?? 0);
      const size = (to ?? 0) - (from ?? 0) + 1;
      const options = Array.from({ length: size }, (_, i) => String.fromCodePoint((from ?? 0) + i));
      return { kind: 'choice', options: options.map((text) => ({ kind: 'literal', text })) };
    }
    const name = this.#take(/[a-z0-9-]+/y);
    if (name !== undefined) return { kind: 'rule', name: name[0] };
    if (this.#take(/\(\s*/y) === undefined) return undefined;
    const inner = this.#choice();
    if (this.#take(/\)/y) === undefined) throw new Error(`expected ) at ${this.#text.slice(this.#at)}`);
    return inner;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }
}
