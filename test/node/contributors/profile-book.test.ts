import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  MAX_AHEAD_MS,
  MAX_PROFILES,
  OwnProfile,
  ProfileBook,
  RENEWAL_MS,
} from '../../../core/node/contributors/index.ts';
import {
  createIdentity,
  signProfile,
  type ContributorProfile,
  type Identity,
  type PeerId,
  type SignedProfile,
} from '../../../core/record/index.ts';

const OWN = createIdentity(new Uint8Array(32).fill(1));
const ADA = createIdentity(new Uint8Array(32).fill(2));
const BEN = createIdentity(new Uint8Array(32).fill(3));
const NOW = 1_800_000_000_000;

let directory: string;
let proofs: Map<PeerId, number>;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-book-'));
  proofs = new Map([
    [ADA.peer, 3],
    [BEN.peer, 1],
  ]);
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
});

async function open(): Promise<ProfileBook> {
  const book = await ProfileBook.open(directory, {
    own: OWN.peer,
    proofsOf: (peer) => proofs.get(peer) ?? 0,
    now: () => NOW,
    onFault: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => book.close());
  return book;
}

const says = (identity: Identity, change: Partial<ContributorProfile> = {}): SignedProfile =>
  signProfile({ peer: identity.peer, name: 'someone', createdAt: NOW - 1000, ...change }, identity);

/** Passes time on the clock of `performance.now`. */
function later(milliseconds: number): void {
  const now = performance.now() + milliseconds;
  const spy = vi.spyOn(performance, 'now').mockReturnValue(now);
  onTestFinished(() => spy.mockRestore());
}

describe('what others say of themselves', () => {
  test('is kept where they have proved something, and comes back after a restart', async () => {
    const book = await open();
    let changes = 0;
    book.subscribe(() => changes++);
    const ada = says(ADA, { team: 'Engines' });
    expect(book.take(ada)).toBe('taken');
    expect(book.take(says(createIdentity(new Uint8Array(32).fill(9))))).toBe('no');
    expect([book.size, changes]).toEqual([1, 1]);
    await book.close();
    const again = await open();
    expect(again.of(ADA.peer)).toEqual(ada);
    expect(again.get(ada.id)).toEqual(ada);
  });

  test('is replaced by what is newer, and never by what is older', async () => {
    const book = await open();
    const [old, renewed] = [says(ADA, { name: 'old' }), says(ADA, { name: 'new', createdAt: NOW })];
    expect(book.take(renewed)).toBe('taken');
    expect(book.take(old)).toBe('no');
    expect(book.take(renewed)).toBe('no');
    expect(book.of(ADA.peer)?.record.name).toBe('new');
    expect(book.get(old.id)).toBeUndefined();
    later(RENEWAL_MS + 1);
    const newest = says(ADA, { name: 'newest', createdAt: NOW + 1 });
    expect(book.take(newest)).toBe('taken');
    // The one before is not passed on any more.
    expect(book.get(renewed.id)).toBeUndefined();
    expect([...book.all()]).toEqual([newest]);
  });

  test('is not of the future', async () => {
    const book = await open();
    expect(book.take(says(ADA, { createdAt: NOW + MAX_AHEAD_MS + 1 }))).toBe('no');
    expect(book.take(says(ADA, { createdAt: NOW + MAX_AHEAD_MS }))).toBe('taken');
  });

  test('is taken once a minute, however often it is signed anew', async () => {
    const book = await open();
    const flood = Array.from({ length: 50 }, (_, n) =>
      says(ADA, { name: `n${n}`, createdAt: NOW - 100 + n }),
    );
    const outcomes = flood.map((profile) => book.take(profile));
    expect(outcomes).toEqual(['taken', ...Array.from({ length: 49 }, () => 'later')]);
    // Others are not kept waiting for it.
    expect(book.take(says(BEN))).toBe('taken');
    later(RENEWAL_MS + 1);
    const last = flood.at(-1);
    expect(last && book.take(last)).toBe('taken');
  });

  test('is never of this node', async () => {
    const book = await open();
    proofs.set(OWN.peer, 5);
    expect(book.take(says(OWN))).toBe('no');
    expect(book.size).toBe(0);
  });

  test('survives damage to other lines of the file', async () => {
    const book = await open();
    book.take(says(ADA));
    book.take(says(BEN));
    await book.close();
    const file = path.join(directory, 'profiles.b64');
    const [first = '', second = ''] = (await readFile(file, 'latin1')).split('\n');
    await writeFile(file, `${first}\n${second.slice(0, 40)}`);
    expect([...(await open()).all()].map(({ record }) => record.peer)).toEqual([ADA.peer]);
  });
});

test('a full book makes room for who has proved more, and not for another', { timeout: 60_000 }, async () => {
  // Signing thousands would take longer than the test is worth: what is kept is looked at by peer and id only.
  const book = await open();
  const stand = says(BEN);
  const many = Array.from({ length: MAX_PROFILES }, (_, n): SignedProfile => {
    const peer = `peer ${n}`;
    proofs.set(peer, 2);
    return { ...stand, id: `id ${n}`, record: { ...stand.record, peer } };
  });
  for (const profile of many) expect(book.take(profile)).toBe('taken');
  expect(book.take(says(BEN))).toBe('no');
  expect(book.take(says(ADA))).toBe('taken');
  expect(book.size).toBe(MAX_PROFILES);
  expect(book.of('peer 0')).toBeUndefined();
});

describe('what this node says of itself', () => {
  const HOURS = { gpu: 3600, cpu: 10, lean: 20.7 };
  const own = (book: ProfileBook, hours = () => HOURS, now = () => NOW) =>
    OwnProfile.open(directory, { identity: OWN, book, hours, now });

  test('is nothing before the user has chosen, and is kept after', async () => {
    const book = await open();
    const profile = await own(book);
    expect(profile.choice).toEqual({ shareHours: false });
    expect(profile.renew()).toBeUndefined();
    await profile.set({ name: 'Ada', team: 'Engines', shareHours: true });
    const signed = profile.renew();
    expect(signed?.record).toEqual({
      peer: OWN.peer,
      name: 'Ada',
      team: 'Engines',
      donated: { gpuSeconds: 3600, cpuSeconds: 30 },
      createdAt: NOW,
    });
    expect(book.of(OWN.peer)).toEqual(signed);
    expect(profile.renew()).toBeUndefined();
    expect((await own(book)).choice).toEqual({ name: 'Ada', team: 'Engines', shareHours: true });
  });

  test('is said again where hours have grown enough, and later than before', async () => {
    const book = await open();
    let gpu = 0;
    let now = NOW;
    const profile = await own(
      book,
      () => ({ gpu, cpu: 0, lean: 0 }),
      () => now,
    );
    await profile.set({ shareHours: true });
    expect(profile.renew()?.record.donated).toEqual({ gpuSeconds: 0, cpuSeconds: 0 });
    gpu = 359;
    expect(profile.renew()).toBeUndefined();
    gpu = 360;
    // The clock was set back meanwhile.
    now -= 5000;
    expect(profile.renew()?.record.createdAt).toBe(NOW + 1);
  });

  test('taken back leaves an empty profile, so that others drop the name', async () => {
    const book = await open();
    const profile = await own(book);
    await profile.set({ name: 'Ada', shareHours: true });
    profile.renew();
    await profile.set({ shareHours: false });
    expect(profile.renew()?.record).toEqual({ peer: OWN.peer, createdAt: NOW + 1 });
    expect(profile.renew()).toBeUndefined();
  });

  test('signed by a clock far ahead does not hold once the clock is right', async () => {
    const book = await open();
    const profile = await own(book);
    book.putOwn(says(OWN, { createdAt: NOW + 2 * MAX_AHEAD_MS }));
    await profile.set({ name: 'Ada', shareHours: false });
    expect(profile.renew()?.record.createdAt).toBe(NOW);
  });
});
