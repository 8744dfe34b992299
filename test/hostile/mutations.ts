import fc from 'fast-check';

/** One change of a source: where, as shares of its length, and what. */
export type Mutation =
  | { readonly kind: 'swap'; readonly at: number; readonly with: number }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number; readonly times: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }
  | { readonly kind: 'splice'; readonly at: number; readonly from: number; readonly length: number }
  | { readonly kind: 'truncate'; readonly at: number };

/** Words that open, close or bend what stands around them, and characters that readers of text stumble over. */
const FRAGMENTS = [
  'end',
  'end X',
  'namespace X',
  'section',
  'mutual',
  'by',
  'sorry',
  'admit',
  ':=',
  '·',
  '⟨',
  '⟩',
  '(',
  ')',
  '{',
  '}',
  '|',
  '=>',
  '/-',
  '-/',
  '--',
  '"',
  'axiom x : False',
  'theorem',
  'example',
  'instance',
  'attribute [simp]',
  'open Lean in',
  'set_option autoImplicit true',
  'set_option debug.skipKernelTC true',
  'local notation "1" => 2',
  'macro "x" : tactic => `(tactic| sorry)',
  'termination_by',
  'decreasing_by',
  '#eval 1',
  '#exit',
  'import Init',
  'False.elim',
  'Nat.rec',
  'native_decide',
  'exact?',
  '∀',
  'λ',
  '𝔸',
  'é',
  '\u200b',
  '\u202e',
  '\u0000',
  '\ufeff',
  '\r',
  '\t',
  '\ud800',
  '«',
  '»',
  '99999999999999999999999999',
] as const;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...FRAGMENTS).map((fragment) => ` ${fragment} `) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('(', 'a ', '⟨', 'fun x => ', '\n', '-'), fc.integer({ min: 50, max: 20_000 }))
      .map(([unit, times]) => unit.repeat(times)),
  },
);

export const mutationArbitrary: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('swap'), at: share, with: share }),
  fc.record({ kind: fc.constant('delete'), at: share, length: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    kind: fc.constant('repeat'),
    at: share,
    length: fc.integer({ min: 1, max: 12 }),
    times: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ kind: fc.constant('insert'), at: share, text }),
  fc.record({ kind: fc.constant('splice'), at: share, from: share, length: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ kind: fc.constant('truncate'), at: share }),
);

/** Words, single symbols, and the blanks between them. */
const TOKEN = /\s+|[\p{L}\p{N}_.'!?]+|[^\s]/gu;

/** @param other a source that spliced parts come from */
export function mutate(source: string, other: string, mutations: readonly Mutation[]): string {
  let tokens: string[] = source.match(TOKEN) ?? [];
  const foreign: string[] = other.match(TOKEN) ?? [];
  for (const mutation of mutations) {
    const at = Math.floor(mutation.at * tokens.length);
    switch (mutation.kind) {
      case 'swap': {
        const with_ = Math.floor(mutation.with * tokens.length);
        const [a, b] = [tokens[at], tokens[with_]];
        if (a === undefined || b === undefined) break;
        tokens = tokens.with(at, b).with(with_, a);
        break;
      }
      case 'delete':
        tokens = tokens.toSpliced(at, mutation.length);
        break;
      case 'repeat': {
        const part = tokens.slice(at, at + mutation.length);
        tokens = tokens.toSpliced(at, 0, ...Array.from({ length: mutation.times }, () => part).flat());
        break;
      }
      case 'insert':
        tokens = tokens.toSpliced(at, 0, mutation.text);
        break;
      case 'splice': {
        const from = Math.floor(mutation.from * foreign.length);
        tokens = tokens.toSpliced(at, 0, ...foreign.slice(from, from + mutation.length));
        break;
      }
      case 'truncate':
        tokens = tokens.slice(0, at);
        break;
    }
  }
  return tokens.join('');
}
