import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NetworkEvent } from '../../core/network/index.ts';
import { ReputationLedger } from '../../core/network/reputation/ledger.ts';
import { MAX_ENTRIES } from '../../core/network/reputation/ledger-file.ts';
import { CUT_OFF_POINTS, OFFENCE_POINTS, type Offence } from '../../core/network/reputation/offences.ts';
import { peerOfPublicKey } from '../../core/record/index.ts';
import { identityOf } from './support/claims.ts';

const HOUR = 60 * 60_000;
let directory: string;
let file: string;
let now: number;
let events: NetworkEvent[];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'reputation-'));
  file = path.join(directory, 'peers', 'reputation.json');
  now = 1_700_000_000_000;
  events = [];
});
afterEach(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));

const open = (): Promise<ReputationLedger> =>
  ReputationLedger.open({ emit: (event) => events.push(event), now: () => now }, { file });
/** A peer id without its secret key, which would take long to make. */
const numberedPeer = (n: number): string => {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, n + 1);
  return peerOfPublicKey(key);
};
const [alice, bob] = [identityOf(1).peer, identityOf(2).peer];

describe('the ledger', () => {
  test('cuts a peer off at the limit, says why, and calls back once', async () => {
    const ledger = await open();
    const cut: string[] = [];
    ledger.onCutOff((peer) => cut.push(peer));
    ledger.penalise(alice, 'forged', 'first');
    expect(ledger.isDenied(alice)).toBe(false);
    ledger.penalise(alice, 'forged', 'second');
    ledger.penalise(alice, 'forged', 'third');
    expect(ledger.isDenied(alice)).toBe(true);
    expect(ledger.isDenied(bob)).toBe(false);
    expect(cut).toEqual([alice]);
    expect(events.map(({ type }) => type)).toEqual(['peer-penalised', 'peer-penalised', 'peer-cut-off']);
    expect(events.at(-1)).toMatchObject({
      peer: alice,
      offence: 'forged',
      detail: 'second',
      until: now + HOUR,
    });
  });

  test('forgets with time what is small, and lets a peer back in after its time', async () => {
    const ledger = await open();
    for (const offence of ['malformed', 'malformed', 'malformed'] as const)
      ledger.penalise(alice, offence, '');
    now += 2 * HOUR;
    expect(ledger.points(alice)).toBeLessThan(CUT_OFF_POINTS / 5);
    ledger.penalise(bob, 'refused-by-kernel', '');
    ledger.penalise(bob, 'refused-by-kernel', '');
    now += HOUR - 1;
    expect(ledger.isDenied(bob)).toBe(true);
    now += 1;
    expect(ledger.isDenied(bob)).toBe(false);
  });

  test('refuses longer each time, up to a month', async () => {
    const ledger = await open();
    let last = 0;
    for (let time = 0; time < 10; time++) {
      while (!ledger.isDenied(alice)) ledger.penalise(alice, 'forged', '');
      const event = events.at(-1);
      const length = event?.type === 'peer-cut-off' ? event.until - now : 0;
      expect(length).toBeGreaterThanOrEqual(last);
      last = length;
      now += length;
    }
    expect(last).toBe(30 * 24 * HOUR);
  });

  test('credits what the kernel accepted, but lets nobody save up', async () => {
    const ledger = await open();
    for (let i = 0; i < 1000; i++) ledger.credit(alice);
    expect(ledger.points(alice)).toBe(0);
    ledger.penalise(alice, 'replay', '');
    ledger.credit(alice);
    expect(ledger.points(alice)).toBe(OFFENCE_POINTS.replay - 1);
    expect(ledger.entries()).toHaveLength(1);
  });

  test('remembers across restarts', async () => {
    const before = await open();
    before.penalise(alice, 'forged', 'a');
    before.penalise(alice, 'forged', 'b');
    before.penalise(bob, 'replay', 'c');
    await before.close();
    const after = await open();
    expect(after.isDenied(alice)).toBe(true);
    expect(after.points(bob)).toBe(OFFENCE_POINTS.replay);
    after.forgive(alice);
    await after.close();
    expect((await open()).isDenied(alice)).toBe(false);
  });

  test('is on the disk soon after a cut-off, without being closed', async () => {
    const ledger = await open();
    ledger.penalise(alice, 'forged', '');
    ledger.penalise(alice, 'forged', '');
    await expect.poll(() => readFile(file, 'utf8').catch(() => ''), { interval: 5 }).toContain(alice);
    expect((await stat(file)).mode & 0o077).toBe(0);
    await ledger.close();
    expect(await readdir(path.dirname(file))).toEqual(['reputation.json']);
  });

  test('keeps a bounded number of peers, the denied ones longest', async () => {
    const ledger = await ReputationLedger.open({ emit: () => undefined, now: () => now });
    ledger.penalise(alice, 'forged', '');
    ledger.penalise(alice, 'forged', '');
    for (let i = 0; i < MAX_ENTRIES + 50; i++) ledger.penalise(numberedPeer(i), 'replay', '');
    expect(ledger.entries()).toHaveLength(MAX_ENTRIES);
    expect(ledger.isDenied(alice)).toBe(true);
  });

  test('works on where its file cannot be written', async () => {
    const ledger = await open();
    await writeFile(path.join(directory, 'peers'), 'a file where a directory should be');
    ledger.penalise(alice, 'forged', '');
    ledger.penalise(alice, 'forged', '');
    await ledger.close();
    expect(ledger.isDenied(alice)).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'reputation-damaged' });
  });
});

test('a damaged file is moved aside, whatever it holds, and keeps nobody from starting', async () => {
  const ledger = await open();
  ledger.penalise(alice, 'forged', '');
  await ledger.close();
  const good = await readFile(file, 'utf8');
  const damaged = fc.oneof(
    fc.string(),
    fc.nat(good.length - 1).map((length) => good.slice(0, length)),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.constant(good.replace('"forged"', '"nothing"')),
    fc.constant(good.replace(alice, 'mallory')),
  );
  await fc.assert(
    fc.asyncProperty(damaged, async (text) => {
      events = [];
      await writeFile(file, text);
      const opened = await open();
      expect(opened.entries()).toEqual([]);
      expect(events).toMatchObject([{ type: 'reputation-damaged', file }]);
      opened.penalise(bob, 'replay' satisfies Offence, '');
      await opened.close();
      expect((await open()).points(bob)).toBe(OFFENCE_POINTS.replay);
      await rm(file);
    }),
    { numRuns: 60 },
  );
  await chmod(directory, 0o700);
});
