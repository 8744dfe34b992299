import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AttestationFile, type AttestationLimits } from '../../../core/node/swarm/attestation-file.ts';
import {
  contentId,
  createIdentity,
  encodeAttestation,
  signAttestation,
  type Identity,
  type PeerId,
  type SignedAttestation,
} from '../../../core/record/index.ts';

const person = (n: number): Identity => createIdentity(new Uint8Array(32).fill(n));
const OWN = person(1);

const said = (by: Identity, record: number, createdAt = record): SignedAttestation =>
  signAttestation(
    { record: contentId(record), checker: { name: 'c', version: '1' }, peer: by.peer, createdAt },
    by,
  );
/** What one peer said of one record at several times: lowest ids first. */
const saidOften = (by: Identity, record: number, times: number): SignedAttestation[] =>
  Array.from({ length: times }, (_, n) => said(by, record, n)).sort((a, b) => (a.id < b.id ? -1 : 1));
const line = (attestation: SignedAttestation): string =>
  Buffer.from(encodeAttestation(attestation)).toString('base64');

async function opened(limits: Partial<AttestationLimits> = {}, lines: readonly string[] = []) {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-attestations-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const file = path.join(directory, 'attestations.b64');
  if (lines.length > 0) await writeFile(file, lines.map((one) => `${one}\n`).join(''));
  const proofs = new Map<PeerId, number>();
  const init = { own: OWN.peer, proofsOf: (peer: PeerId) => proofs.get(peer) ?? 0 };
  const open = (): Promise<AttestationFile> => AttestationFile.open(directory, init, limits);
  return { file, proofs, open };
}

const whose = (file: AttestationFile): PeerId[] => [...file.all()].map(({ record }) => record.peer);

test('free keys are not kept, and never take the place of this node’s own', async () => {
  const { open, proofs } = await opened({ perRecord: 2, all: 4 });
  const file = await open();
  for (let n = 10; n < 20; n++) expect(await file.add(said(person(n), 1))).toBe(false);
  const [a, b, c] = [person(20), person(21), person(22)];
  for (const [n, { peer }] of [a, b, c].entries()) proofs.set(peer, n + 1);
  expect(await file.add(said(a, 1))).toBe(true);
  expect(await file.add(said(a, 1))).toBe(false);
  expect(await file.add(said(b, 1))).toBe(true);
  expect(await file.add(said(OWN, 1))).toBe(true);
  expect(file.of(contentId(1)).map(({ record }) => record.peer)).toEqual([b.peer, OWN.peer]);
  expect(await file.add(said(a, 1))).toBe(false);
  expect(await file.add(said(c, 1))).toBe(true);
  expect(whose(file)).toEqual([OWN.peer, c.peer]);
  expect(file.has(said(b, 1).id)).toBe(false);
});

test('who has proved least gives way to who has proved more, in all', async () => {
  const { open, proofs } = await opened({ all: 4 });
  const [a, b, c] = [person(20), person(21), person(22)];
  for (const [n, { peer }] of [a, b, c].entries()) proofs.set(peer, n + 1);
  const file = await open();
  for (const one of [said(a, 1), said(a, 2), said(b, 1), said(b, 2)]) expect(await file.add(one)).toBe(true);
  expect(await file.add(said(a, 3))).toBe(false);
  expect(await file.add(said(c, 3))).toBe(true);
  const [lower, higher] = [said(a, 1), said(a, 2)].sort((one, other) => (one.id < other.id ? -1 : 1));
  expect([...file.all()]).toEqual([lower, said(b, 1), said(b, 2), said(c, 3)]);
  expect(await file.add(higher ?? said(a, 1))).toBe(false);
  for (let n = 10; n < 18; n++) expect(await file.add(said(OWN, n))).toBe(true);
  expect(whose(file)).toEqual(Array.from({ length: 8 }, () => OWN.peer));
  expect(await file.add(said(c, 3))).toBe(false);
});

test('what is kept is there again, and a file that no longer counts is written anew', async () => {
  const flood = Array.from({ length: 30 }, (_, n) => line(said(person(40 + n), 1)));
  const a = person(20);
  const { open, proofs, file } = await opened({}, [...flood, 'cut sh', line(said(a, 1))]);
  proofs.set(a.peer, 1);
  const first = await open();
  expect(whose(first)).toEqual([a.peer]);
  await first.add(said(OWN, 2));
  const text = await readFile(file, 'latin1');
  expect(text.split('\n').filter((one) => one !== '')).toEqual([line(said(a, 1)), line(said(OWN, 2))]);
  await first.add(said(a, 3));
  await appendFile(file, line(said(a, 4)).slice(0, 50));
  const second = await open();
  await second.add(said(a, 5));
  const third = await open();
  expect([...third.all()].map(({ record }) => record.createdAt)).toEqual([1, 2, 3, 5]);
});

test('other work goes on while they are read', async () => {
  const a = person(20);
  // Few enough that they come from the disk in one piece.
  const { open, proofs } = await opened(
    {},
    Array.from({ length: 100 }, (_, n) => line(said(a, n))),
  );
  let [turns, reading] = [0, true];
  const turn = (): void => {
    turns++;
    if (reading) setImmediate(turn);
  };
  turn();
  const readIn = new Set<number>();
  proofs.get = () => {
    readIn.add(turns);
    return 1;
  };
  const file = await open();
  reading = false;
  expect(whose(file)).toHaveLength(100);
  expect(readIn.size).toBeGreaterThan(1);
});

test('of what one peer says of one record the lowest id is kept, whichever came first, also after a restart', async () => {
  const a = person(20);
  const [lower, higher] = saidOften(a, 1, 2);
  if (lower === undefined || higher === undefined) throw new Error('there are two');
  for (const order of [
    [lower, higher],
    [higher, lower],
  ]) {
    const { open, proofs } = await opened();
    proofs.set(a.peer, 1);
    const file = await open();
    for (const one of order) await file.add(one);
    expect([...file.all()]).toEqual([lower]);
    expect([...(await open()).all()]).toEqual([lower]);
    const others = await opened();
    others.proofs.set(a.peer, 1);
    const together = await others.open();
    await Promise.all(order.map((one) => together.add(one)));
    expect([...together.all()]).toEqual([lower]);
  }
});

test('the same of this node’s own', async () => {
  const [lower, higher] = saidOften(OWN, 1, 2);
  if (lower === undefined || higher === undefined) throw new Error('there are two');
  const { open } = await opened({ contests: { perSecond: 1e-9, burst: 0 } });
  const file = await open();
  expect(await file.add(higher)).toBe(true);
  expect(await file.add(lower)).toBe(true);
  expect(await file.add(higher)).toBe(false);
  expect([...file.all()]).toEqual([lower]);
});

test('who signs ever lower ids has this node write for a while and no longer', async () => {
  const [a, b] = [person(20), person(21)];
  const { open, proofs, file: name } = await opened({ contests: { perSecond: 1e-9, burst: 5 } });
  for (const { peer } of [a, b]) proofs.set(peer, 1);
  const file = await open();
  for (const one of saidOften(a, 1, 10).reverse()) await file.add(one);
  // So, too, where the one before is not yet on disk.
  expect(
    await Promise.all(
      saidOften(a, 2, 10)
        .reverse()
        .map((one) => file.add(one)),
    ),
  ).toEqual([true, ...Array.from({ length: 9 }, () => false)]);
  expect(await file.add(said(b, 1))).toBe(true);
  expect([...file.all()]).toHaveLength(3);
  const lines = (await readFile(name, 'latin1')).split('\n').filter((one) => one !== '');
  expect(lines.length).toBeLessThanOrEqual(8);
});

test('what gives way is told of, and what comes and goes at once is not said to be kept', async () => {
  const [a, b] = [person(20), person(21)];
  const { open, proofs } = await opened({ perRecord: 1 });
  for (const [n, { peer }] of [a, b].entries()) proofs.set(peer, n + 1);
  const file = await open();
  const dropped: SignedAttestation[] = [];
  const undo = file.onDropped((one) => dropped.push(one));
  await file.add(said(a, 1));
  expect(await file.add(said(b, 1))).toBe(true);
  expect(dropped).toEqual([said(a, 1)]);
  const together = [said(OWN, 9), said(a, 2), said(b, 2)];
  expect(await Promise.all(together.map((one) => file.add(one)))).toEqual([true, false, true]);
  expect(dropped).toEqual([said(a, 1), said(a, 2)]);
  undo();
  await file.add(said(OWN, 2));
  expect(dropped).toHaveLength(2);
});
