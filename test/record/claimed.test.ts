import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createIdentity,
  decodeClaim,
  encodeCanonical,
  encodeClaim,
  encodeProof,
  InvalidRecordError,
  makeStatement,
  signProof,
  type ClaimedProof,
} from '../../core/record/index.ts';
import { identity, proofBy, statementRecord } from './generators.ts';

const claim: fc.Arbitrary<ClaimedProof> = fc.tuple(statementRecord, identity).chain(([record, finder]) =>
  proofBy(finder).map((proof) => {
    const { environment, header, formal, name } = record;
    const statement = makeStatement({ environment, header, formal, name });
    return { statement, signed: signProof({ ...proof, statement: statement.id }, finder) };
  }),
);

test('a claim is read as it was written, and only under its own id', () => {
  fc.assert(
    fc.property(claim, claim, (one, other) => {
      const bytes = encodeClaim(one);
      expect(decodeClaim(bytes)).toEqual(one);
      expect(decodeClaim(bytes, one.signed.id)).toEqual(one);
      if (one.signed.id !== other.signed.id) {
        expect(() => decodeClaim(bytes, other.signed.id)).toThrow(InvalidRecordError);
      }
    }),
    { numRuns: 50 },
  );
});

const finder = createIdentity(new Uint8Array(32).fill(1));
const statement = makeStatement({
  environment: { lean: '4.28.0-pre', library: 'core' },
  header: '',
  formal: 'theorem t : True',
  name: 't',
});
const signed = signProof(
  {
    statement: statement.id,
    submission: 'theorem t : True := trivial',
    checker: { name: 'test', version: '1' },
    finder: { peer: finder.peer, policy: 'portfolio', rounds: 1 },
    createdAt: 1,
    licence: 'Apache-2.0',
  },
  finder,
);
const { environment, header, formal, name } = statement;
const fields = { environment, header, formal, name };

test('no changed byte goes unnoticed', () => {
  const bytes = encodeClaim({ signed, statement });
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = bytes.map((byte, i) => (i === at ? byte ^ change : byte));
      expect(() => decodeClaim(changed, signed.id)).toThrow(InvalidRecordError);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['another statement', { proof: encodeProof(signed), statement: { ...fields, name: 'u' } }],
  ['metadata, which nobody signed', { proof: encodeProof(signed), statement: { ...fields, informal: 'x' } }],
  [
    'a text that is not in normal form',
    { proof: encodeProof(signed), statement: { ...fields, formal: 'theorem t : True ' } },
  ],
  ['no statement', { proof: encodeProof(signed) }],
  ['no proof', { proof: new Uint8Array(3), statement: fields }],
])('a claim with %s is refused', (_name, envelope) => {
  expect(() => decodeClaim(encodeCanonical(envelope))).toThrow(InvalidRecordError);
});
