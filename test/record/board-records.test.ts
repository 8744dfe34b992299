import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentId,
  createIdentity,
  decodeDisproof,
  decodeNotice,
  decodePack,
  decodeSubmission,
  decodeWorkClaim,
  encodeCanonical,
  encodeDisproof,
  encodeNotice,
  encodePack,
  encodeSubmission,
  encodeWorkClaim,
  InvalidRecordError,
  MAX_LEASE_MS,
  MAX_PACK_ENTRIES,
  sign,
  signDisproof,
  signNotice,
  signPack,
  signSubmission,
  signWorkClaim,
  type StatementPack,
  type WorkClaim,
} from '../../core/record/index.ts';
import { statementRecord, text } from './generators.ts';

const ALICE = createIdentity(new Uint8Array(32).fill(1));
const BOB = createIdentity(new Uint8Array(32).fill(2));
const id = (value: number): string => contentId(value);
const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => id(i)).toSorted();

const PACK: StatementPack = {
  curator: ALICE.peer,
  name: 'starter',
  version: 3,
  description: 'what to begin with',
  licence: 'Apache-2.0',
  entries: ids(3).map((statement, i) => ({ statement, priority: i })),
  links: ['https://example.org/pack.jsonl'],
  createdAt: 1_700_000_000_000,
};
const CLAIM: WorkClaim = {
  claimant: ALICE.peer,
  statement: id(1),
  nonce: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  beat: 2,
  state: 'working',
  issuedAt: 1_700_000_000_000,
  expiresAt: 1_700_000_180_000,
  effort: { policy: 'llama', model: 'OProver-8B', seconds: 60, speed: 1500 },
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

/** Encodes whatever is given, truly signed under a domain. */
const forge = (domain: string, record: unknown): Uint8Array =>
  encodeCanonical({ record, signature: sign(domain, encodeCanonical(record), ALICE) });
const forgePack = (change: object): Uint8Array => forge('proofswarm/pack/1', { ...PACK, ...change });
const forgeClaim = (change: object): Uint8Array => forge('proofswarm/work-claim/1', { ...CLAIM, ...change });

const timestamp = fc.integer({ min: 0, max: 8_000_000_000_000 });
const someId = fc.integer().map(id);

describe('records of the board come back unchanged', () => {
  it('packs', () => {
    const entries = fc
      .uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 20 })
      .chain((values) =>
        fc.tuple(
          fc.constant(values.map(id).toSorted()),
          fc.array(fc.nat(9), { minLength: 20, maxLength: 20 }),
        ),
      )
      .map(([statements, priorities]) =>
        statements.map((statement, i) => ({ statement, priority: priorities[i] ?? 0 })),
      );
    const record = fc.record({
      curator: fc.constant(ALICE.peer),
      name: fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/),
      version: fc.integer({ min: 1, max: 1_000_000_000 }),
      description: text(0, 2000),
      licence: text(1, 100),
      entries,
      createdAt: timestamp,
    });
    fc.assert(
      fc.property(record, (pack) => {
        const signed = signPack(pack, ALICE);
        expect(signed.record).toEqual(pack);
        expect(decodePack(encodePack(signed), signed.id)).toEqual(signed);
      }),
      { numRuns: 40 },
    );
  });

  it('submissions', () => {
    fc.assert(
      fc.property(statementRecord, timestamp, (statement, createdAt) => {
        const signed = signSubmission({ statement, submitter: ALICE.peer, createdAt }, ALICE);
        expect(decodeSubmission(encodeSubmission(signed), signed.id)).toEqual(signed);
        expect(signed.record.statement).toEqual(statement);
      }),
      { numRuns: 40 },
    );
  });

  it('notices and disproofs', () => {
    fc.assert(
      fc.property(
        someId,
        someId,
        someId,
        timestamp,
        text(0, 1000),
        (statement, negation, proof, createdAt, detail) => {
          const notice = signNotice(
            { issuer: ALICE.peer, statement, status: 'misstated', detail, createdAt },
            ALICE,
          );
          expect(decodeNotice(encodeNotice(notice), notice.id)).toEqual(notice);
          const disproof = signDisproof({ statement, negation, proof, peer: ALICE.peer, createdAt }, ALICE);
          expect(decodeDisproof(encodeDisproof(disproof), disproof.id)).toEqual(disproof);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('work claims, in less than an announcement', () => {
    const longest: WorkClaim = {
      ...CLAIM,
      beat: 100_000,
      effort: {
        policy: 'ℕ'.repeat(100),
        model: 'm'.repeat(100),
        seconds: 604_800,
        speed: 1_000_000,
      },
    };
    for (const claim of [CLAIM, longest]) {
      const signed = signWorkClaim(claim, ALICE);
      expect(decodeWorkClaim(encodeWorkClaim(signed), signed.id)).toEqual(signed);
      expect(encodeWorkClaim(signed).length).toBeLessThanOrEqual(900);
    }
  });
});

describe('a record of the board is refused', () => {
  const kinds: [string, Uint8Array, (bytes: Uint8Array) => unknown][] = [
    ['pack', encodePack(signPack(PACK, ALICE)), decodePack],
    ['claim', encodeWorkClaim(signWorkClaim(CLAIM, ALICE)), decodeWorkClaim],
  ];

  it.each(kinds)('at any changed bit: %s', (_, bytes, decode) => {
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const forged = Uint8Array.from(bytes);
        forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(outcome(() => decode(forged))).not.toBe('accepted');
      }),
    );
  });

  it('where it was signed as another kind, or by another peer', () => {
    expect(outcome(() => decodePack(forge('proofswarm/proof/1', PACK)))).toBe('bad-signature');
    expect(outcome(() => decodeWorkClaim(forge('proofswarm/pack/1', CLAIM)))).toBe('bad-signature');
    expect(outcome(() => signPack(PACK, BOB))).toBe('bad-signature');
    expect(outcome(() => decodePack(forgePack({ curator: BOB.peer })))).toBe('bad-signature');
  });

  it.each([
    ['no entries', { entries: [] }],
    ['entries out of order', { entries: PACK.entries.toReversed() }],
    ['an entry twice', { entries: [PACK.entries[0], PACK.entries[0]] }],
    ['a priority of 10', { entries: [{ statement: id(1), priority: 10 }] }],
    ['version 0', { version: 0 }],
    ['a version that nothing could supersede', { version: 2 ** 40 }],
    ['a path for a name', { name: '../evil' }],
    ['a name that ends in a hyphen', { name: 'a-' }],
    ['a link that is no web address', { links: ['file:///etc/passwd'] }],
    ['a field more', { note: 1 }],
  ])('a pack with %s', (_, change) => {
    expect(outcome(() => decodePack(forgePack(change)))).toBe('malformed');
  });

  it.each([
    ['a lease of a year', { expiresAt: CLAIM.issuedAt + 31_536_000_000 }],
    ['a lease a little too long', { expiresAt: CLAIM.issuedAt + MAX_LEASE_MS + 1 }],
    ['a lease that ends before it begins', { expiresAt: CLAIM.issuedAt - 1 }],
    ['a short nonce', { nonce: Uint8Array.of(1) }],
    ['more work than in a week', { effort: { ...CLAIM.effort, seconds: 604_801 } }],
    ['no speed', { effort: { ...CLAIM.effort, speed: 0 } }],
    ['another state', { state: 'locked' }],
  ])('a claim with %s', (_, change) => {
    expect(outcome(() => decodeWorkClaim(forgeClaim(change)))).toBe('malformed');
  });

  it('above its size, by the signer already', () => {
    const header = '-'.repeat(70_000);
    const statement = {
      environment: { lean: '4', library: 'core' as const },
      header,
      formal: 'theorem a : True',
      name: 'a',
    };
    const record = { statement, submitter: ALICE.peer, createdAt: 1 };
    expect(outcome(() => signSubmission(record, ALICE))).toBe('too-large');
    expect(outcome(() => decodeSubmission(forge('proofswarm/submission/1', record)))).toBe('too-large');
    expect(outcome(() => decodePack(new Uint8Array(1_000_001)))).toBe('too-large');
  });

  it('never, at the most entries that a pack may have', () => {
    const entries = ids(MAX_PACK_ENTRIES).map((statement) => ({ statement, priority: 9 }));
    const bytes = encodePack(signPack({ ...PACK, entries }, ALICE));
    expect(outcome(() => decodePack(bytes))).toBe('accepted');
  });
});
