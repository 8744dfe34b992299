import type { Statement } from '../record/index.ts';
import { boundNames, isVariable } from './bound-names.ts';
import { tokenizeLean, type LeanToken } from './lean-tokens.ts';
import { statementParts } from './statement-parts.ts';

/** Feature → weight. A feature holds no white space, so that the names can stand in a full-text column. */
export type Features = ReadonlyMap<string, number>;

/** How much each sort of feature counts. Chosen on the labelled set of test/memory; the order matters, the digits little. */
const WEIGHT = {
  conclusion: 1,
  hypothesis: 0.6,
  declaration: 0.4,
  wholeName: 1,
  namePart: 0.5,
  operator: 0.8,
  literal: 0.4,
  pair: 0.3,
  shape: 0.35,
  theoremName: 0.3,
} as const;

const SILENT = new Set(
  ': , ( ) · ; := ↦ | fun by theorem lemma def abbrev where with in Type Prop Sort instance structure inductive'.split(
    ' ',
  ),
);
/** So frequent that they tell little; without a corpus to count in, this list stands in for inverse frequency. */
const COMMON = new Set(['=', '→', 'Nat', 'nat', '+', '0', '1', '∀']);
const COMMON_SCALE = 0.4;
/** `a > b` says `b < a`: one feature for both. */
const MIRRORED: ReadonlyMap<string, string> = new Map([
  ['>', '<'],
  ['≥', '≤'],
  ['⊇', '⊆'],
]);

/**
 * What a statement is about, and its shape: constants and their parts, operators, literals as classes, and n-grams in
 * which variables are numbered by first occurrence, so that renaming bound variables changes nothing.
 */
export function statementFeatures(statement: Pick<Statement, 'header' | 'formal' | 'name'>): Features {
  const { hypotheses, conclusion, declarations } = statementParts(statement);
  const constants = new Set(declarations.map((declaration) => declaration.name));
  const bound = boundNames([...hypotheses, ...conclusion]);
  const features = new Map<string, number>();
  addTokens(features, hypotheses, bound, constants, WEIGHT.hypothesis);
  addTokens(features, conclusion, bound, constants, WEIGHT.conclusion);
  for (const { tokens } of declarations) {
    addTokens(features, tokens, boundNames(tokens), constants, WEIGHT.declaration);
  }
  for (const part of nameParts(statement.name)) add(features, part, WEIGHT.theoremName);
  return features;
}

/**
 * The features as terms of a full-text column: heavier ones repeat, which is how BM25 is told of weight. Triples stay
 * out: nearly every one is rare, so that BM25 would overrate them.
 */
export function statementTerms(statement: Pick<Statement, 'header' | 'formal' | 'name'>): string[] {
  return [...statementFeatures(statement)]
    .filter(([feature]) => feature.split('˙').length < 3)
    .flatMap(([feature, weight]) => Array<string>(repeats(weight)).fill(feature));
}

function repeats(weight: number): number {
  return Math.min(8, Math.max(1, Math.round(2 * weight)));
}

/** Terms of a piece of proof: lemma names, tactics, operators. */
export function sourceTerms(source: string): string[] {
  const tokens = tokenizeLean(source);
  const bound = boundNames(tokens);
  return tokens
    .filter((token) => !SILENT.has(token.text))
    .filter((token) => !(token.kind === 'identifier' && isVariable(token.text, bound, new Set())))
    .flatMap((token) => {
      const term = termOf(token);
      return term === undefined ? [] : token.kind === 'identifier' ? [term, ...nameParts(term)] : [term];
    });
}

/** The lower-case words of a name: `List.map_appendLeft` → list, map, append, left. One word gives nothing new. */
export function nameParts(name: string): string[] {
  return name
    .split(/[._\s«»']+|(?<=\p{Ll})(?=\p{Lu})/u)
    .filter((part) => /\p{L}/u.test(part))
    .map((part) => part.toLowerCase());
}

function addTokens(
  features: Map<string, number>,
  tokens: readonly LeanToken[],
  bound: ReadonlySet<string>,
  constants: ReadonlySet<string>,
  scale: number,
): void {
  const variables = new Map<string, string>();
  const shape: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'identifier') {
      const [head = '', ...fields] = token.text.split('.');
      if (isVariable(head, bound, constants) || isVariable(token.text, bound, constants)) {
        const known = variables.get(head) ?? `§${variables.size}`;
        variables.set(head, known);
        // `xs.length` is `List.length xs`: the field counts, the variable does not.
        for (const field of fields) add(features, field.toLowerCase(), scale * WEIGHT.wholeName);
        shape.push([known, ...fields].join('.'));
        continue;
      }
    }
    const term = termOf(token);
    if (term === undefined) continue;
    shape.push(term);
    if (SILENT.has(token.text)) continue;
    if (token.kind === 'identifier') {
      add(features, term, scale * WEIGHT.wholeName);
      for (const part of nameParts(term)) add(features, part, scale * WEIGHT.namePart);
    } else {
      add(features, term, scale * (token.kind === 'operator' ? WEIGHT.operator : WEIGHT.literal));
    }
  }
  addShapes(features, shape, scale);
}

/** Pairs with every variable alike (what is applied to what), and triples with variables told apart (the pattern). */
function addShapes(features: Map<string, number>, shape: readonly string[], scale: number): void {
  const alike = shape.map((item) => (item.startsWith('§') ? `§${item.replace(/^§\d+/, '')}` : item));
  for (let i = 0; i + 1 < shape.length; i += 1) {
    const pair = alike.slice(i, i + 2);
    if (pair.some((item) => !item.startsWith('§') && !SILENT.has(item))) {
      add(features, pair.join('˙'), scale * WEIGHT.pair);
    }
    if (i + 2 < shape.length) add(features, shape.slice(i, i + 3).join('˙'), scale * WEIGHT.shape);
  }
}

function termOf(token: LeanToken): string | undefined {
  switch (token.kind) {
    case 'identifier':
      return token.text.replace(/\s+/g, '_');
    case 'operator':
      return MIRRORED.get(token.text) ?? token.text;
    case 'number':
      return /^[0-2]$/.test(token.text) ? token.text : '§number';
    case 'string':
      return '§string';
    case 'character':
      return '§character';
    case 'open':
    case 'close':
      return undefined;
  }
}

function add(features: Map<string, number>, feature: string, weight: number): void {
  const scaled = COMMON.has(feature) ? weight * COMMON_SCALE : weight;
  features.set(feature, (features.get(feature) ?? 0) + scaled);
}
