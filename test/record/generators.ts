import fc from 'fast-check';
import {
  createIdentity,
  DIFFICULTIES,
  normalizeSource,
  type Attestation,
  type Environment,
  type Identity,
  type ProofRecord,
  type StatementRecord,
} from '../../core/record/index.ts';

/** Any well-formed text without NUL and without a byte order mark before it, up to `maxLength` UTF-16 code units. */
export const text = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: 'binary', minLength, maxLength: Math.min(maxLength, 40) })
    .map((value) =>
      value
        .replaceAll('\0', '·')
        .replace(/^\uFEFF/, '·')
        .slice(0, maxLength),
    )
    .filter((value) => value.isWellFormed() && value.length >= minLength);

/** Text rich in what normalisation touches: line ends, blanks, byte order marks. */
export const roughSource: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', '\r\n', '\r', ' ', '\t', '   ', '\uFEFF', '\u2028', 'theorem', ':= by', 'ℕ', '𝓝'),
      text(0, 5),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

export const source: fc.Arbitrary<string> = roughSource.map(normalizeSource);

export const environment: fc.Arbitrary<Environment> = fc.oneof(
  fc.record({ lean: text(1, 64), library: fc.constant('core' as const) }),
  fc.record({ lean: text(1, 64), library: fc.constant('mathlib' as const), revision: text(1, 64) }),
);

const optional = { requiredKeys: [] };

/** What a statement carries beside its identity. */
export const metadata = fc.record(
  {
    informal: text(0, 100),
    source: fc.record({ dataset: text(0, 200), licence: text(0, 100), url: text(0, 200) }, optional),
    topic: text(0, 100),
    difficulty: fc.constantFrom(...DIFFICULTIES),
    tags: fc.array(text(1, 100), { maxLength: 5 }),
  },
  optional,
);

export const statementRecord: fc.Arbitrary<StatementRecord> = fc
  .tuple(
    fc.record({
      environment,
      header: source,
      formal: source.filter((value) => value !== ''),
      name: text(1, 1000),
    }),
    metadata,
  )
  .map(([identity, rest]) => ({ ...identity, ...rest }));

export const identity: fc.Arbitrary<Identity> = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((seed) => createIdentity(seed));

/** A syntactically valid content id of nothing in particular. */
const contentId = fc
  .string({
    unit: fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz234567')),
    minLength: 52,
    maxLength: 52,
  })
  .map((tail) => `bafyrei${tail}`);

const checker = fc.record({ name: text(1, 100), version: text(1, 200) });
const createdAt = fc.integer({ min: 0, max: 8_640_000_000_000_000 });

export const proofBy = (finder: Identity): fc.Arbitrary<ProofRecord> =>
  fc.record({
    statement: contentId,
    submission: source,
    checker,
    finder: fc.record(
      {
        peer: fc.constant(finder.peer),
        policy: text(1, 100),
        model: text(0, 200),
        rounds: fc.integer({ min: 1, max: 1_000_000 }),
      },
      { requiredKeys: ['peer', 'policy', 'rounds'] },
    ),
    createdAt,
    licence: fc.constant('Apache-2.0' as const),
  });

export const attestationBy = (peer: Identity): fc.Arbitrary<Attestation> =>
  fc.record({ record: contentId, checker, peer: fc.constant(peer.peer), createdAt });
