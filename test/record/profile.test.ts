import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createIdentity,
  decodeProfile,
  displayNameDefect,
  encodeCanonical,
  encodeProfile,
  InvalidRecordError,
  MAX_DISPLAY_NAME,
  normalizeDisplayName,
  sign,
  signProfile,
  teamKey,
  type ContributorProfile,
} from '../../core/record/index.ts';

const ALICE = createIdentity(new Uint8Array(32).fill(1));
const BOB = createIdentity(new Uint8Array(32).fill(2));
const PROFILE: ContributorProfile = {
  peer: ALICE.peer,
  name: 'Ada Lovelace',
  team: 'Analytical Engines',
  donated: { gpuSeconds: 7200, cpuSeconds: 86_400 },
  createdAt: 1_700_000_000_000,
};

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
const forge = (change: object, domain = 'proofswarm/profile/1'): Uint8Array => {
  const record = { ...PROFILE, ...change };
  return encodeCanonical({ record, signature: sign(domain, encodeCanonical(record), ALICE) });
};

const anyName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .map(normalizeDisplayName)
  .filter((name) => displayNameDefect(name) === undefined);
const seconds = fc.integer({ min: 0, max: 100_000_000_000 });
const profile = fc.record(
  {
    peer: fc.constant(ALICE.peer),
    name: anyName,
    team: anyName,
    donated: fc.record({ gpuSeconds: seconds, cpuSeconds: seconds }),
    createdAt: fc.integer({ min: 0, max: 8_000_000_000_000 }),
  },
  { requiredKeys: ['peer', 'createdAt'] },
);

describe('a contributor’s profile', () => {
  it('comes back unchanged, and fits into an announcement', () => {
    fc.assert(
      fc.property(profile, (record) => {
        const signed = signProfile(record, ALICE);
        expect(signed.record).toEqual(record);
        expect(decodeProfile(encodeProfile(signed), signed.id)).toEqual(signed);
      }),
      { numRuns: 60 },
    );
    const longest = 'ℕ'.repeat(MAX_DISPLAY_NAME);
    const donated = { gpuSeconds: 100_000_000_000, cpuSeconds: 100_000_000_000 };
    const record = { ...PROFILE, name: longest, team: longest, donated, createdAt: 8_640_000_000_000_000 };
    expect(encodeProfile(signProfile(record, ALICE)).length).toBeLessThanOrEqual(700);
  });

  it('is another record where anything in it is another', () => {
    const ids = [{}, { name: 'Ada' }, { team: 'Others' }, { createdAt: 1 }, { donated: undefined }].map(
      (change) => signProfile({ ...PROFILE, ...change }, ALICE).id,
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is refused at any changed bit', () => {
    const bytes = encodeProfile(signProfile(PROFILE, ALICE));
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const forged = Uint8Array.from(bytes);
        forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(outcome(() => decodeProfile(forged))).not.toBe('accepted');
      }),
    );
  });

  it('is refused where another peer, or another kind of record, was signed', () => {
    expect(outcome(() => signProfile(PROFILE, BOB))).toBe('bad-signature');
    expect(outcome(() => decodeProfile(forge({ peer: BOB.peer })))).toBe('bad-signature');
    expect(outcome(() => decodeProfile(forge({}, 'proofswarm/attestation/1')))).toBe('bad-signature');
  });

  it.each([
    ['a name too long', { name: 'a'.repeat(MAX_DISPLAY_NAME + 1) }, 'malformed'],
    ['a name that is longer than a record', { name: 'a'.repeat(5000) }, 'too-large'],
    ['an empty name', { name: '' }, 'malformed'],
    ['blanks for a name', { name: '   ' }, 'malformed'],
    ['a name with a line break', { name: 'Ada\nLovelace' }, 'not-canonical'],
    ['a name that is not composed', { name: 'Zoe\u0308' }, 'not-canonical'],
    ['a control', { name: 'Ada\u0007' }, 'malformed'],
    ['text that turns round', { team: 'evil\u202Ename' }, 'malformed'],
    ['an isolate', { team: '\u2066x\u2069' }, 'malformed'],
    ['a name that cannot be seen', { name: '\u200B\u200B' }, 'malformed'],
    ['a blank of another kind', { name: '\u3164' }, 'malformed'],
    ['tags', { name: 'a\u{E0041}' }, 'malformed'],
    ['private use', { name: '\uE000' }, 'malformed'],
    ['piled marks', { name: `a${'\u0316'.repeat(4)}` }, 'malformed'],
    ['half a character', { name: '\uD800' }, 'malformed'],
    ['fewer seconds than none', { donated: { gpuSeconds: -1, cpuSeconds: 0 } }, 'malformed'],
    ['more seconds than there were', { donated: { gpuSeconds: 1e12, cpuSeconds: 0 } }, 'malformed'],
    ['half seconds', { donated: { gpuSeconds: 0.5, cpuSeconds: 0 } }, 'malformed'],
    ['a time that is none', { createdAt: -1 }, 'malformed'],
    ['a field more', { admin: true }, 'malformed'],
  ])('is refused with %s', (_, change, reason) => {
    expect(outcome(() => decodeProfile(forge(change)))).toBe(reason);
  });
});

describe('names', () => {
  it('have one form, whatever is typed', () => {
    expect(normalizeDisplayName('  Zoe\u0308 \t of\n Paris ')).toBe('Zoë of Paris');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const once = normalizeDisplayName(text);
        expect(normalizeDisplayName(once)).toBe(once);
      }),
    );
  });

  it('of people everywhere can be had', () => {
    const names = ['Ada', '李明', 'علی', 'Zoë', 'ประยุทธ์', 'नमस्ते', '𝓝 team', 'Müßiggang 🧮', 'Nguyễn Văn A'];
    expect(names.map((name) => displayNameDefect(normalizeDisplayName(name)))).toEqual(
      names.map(() => undefined),
    );
  });

  it('of teams are the same however they are written', () => {
    expect(teamKey('Lean FRO')).toBe(teamKey('ＬＥＡＮ fro'));
    expect(teamKey('Lean FRO')).not.toBe(teamKey('Lean-FRO'));
    fc.assert(
      fc.property(anyName, (name) => {
        expect(teamKey(teamKey(name))).toBe(teamKey(name));
      }),
    );
  });
});
