import { execFile } from 'node:child_process';
import {
  mkdir,
  mkdtemp,
  open as openFile,
  readFile,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { AttestationFile } from '../../../core/node/swarm/attestation-file.ts';
import { Attestations } from '../../../core/node/swarm/attestations.ts';
import { Attester } from '../../../core/node/swarm/attester.ts';
import type { Network } from '../../../core/network/index.ts';
import {
  contentId,
  createIdentity,
  signAttestation,
  type SignedAttestation,
} from '../../../core/record/index.ts';
import { numbered } from '../../memory/proofs.ts';

const OWN = createIdentity(new Uint8Array(32).fill(1));
const OTHER = createIdentity(new Uint8Array(32).fill(2));
const CHECKER = { name: 'c', version: '1' };

const said = (record: number, by = OWN): SignedAttestation =>
  signAttestation({ record: contentId(record), checker: CHECKER, peer: by.peer, createdAt: record }, by);

async function scene() {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-attestation-writes-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const name = path.join(directory, 'attestations.b64');
  const open = (): Promise<AttestationFile> =>
    AttestationFile.open(directory, { own: OWN.peer, proofsOf: () => 1 });
  const file = await open();
  const told: string[] = [];
  const attestations = new Attestations({
    file,
    holds: () => true,
    onFault: (error) => told.push(String(error)),
  });
  const passedOn: string[] = [];
  const network = {
    on: () => undefined,
    announce: () => Promise.resolve(0),
    sideRecordsAdded: (_: string, keys: readonly { id: string }[]) =>
      passedOn.push(...keys.map(({ id }) => id)),
  } as unknown as Network;
  attestations.join(network);
  return { name, file, open, attestations, network, passedOn };
}

test('what cannot be written is not known of, is not passed on, and is written once it can be', async () => {
  const { name, file, open, attestations, passedOn } = await scene();
  await mkdir(name);
  await expect(attestations.add(said(1))).rejects.toThrow(/EISDIR/);
  expect([file.has(said(1).id), file.of(contentId(1)), passedOn]).toEqual([false, [], []]);
  await rmdir(name);
  expect(await attestations.add(said(1))).toBe(true);
  expect(passedOn).toEqual([said(1).id]);
  expect([...(await open()).all()].map(({ id }) => id)).toEqual([said(1).id]);
});

test.runIf(process.platform === 'linux')(
  'a full disk fails all that were to be written together',
  async () => {
    const { name, file, open } = await scene();
    await file.add(said(1));
    await rename(name, `${name}.kept`);
    await symlink('/dev/full', name);
    const adds = await Promise.allSettled([2, 3, 4].map((n) => file.add(said(n))));
    expect(adds.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await unlink(name);
    await rename(`${name}.kept`, name);
    expect(await Promise.all([2, 3, 4].map((n) => file.add(said(n))))).toEqual([true, true, true]);
    expect([...(await open()).all()].map(({ record }) => record.createdAt)).toEqual([1, 2, 3, 4]);
  },
);

test('many that come at once are written together, each once, in their order', async () => {
  const { name, file, open } = await scene();
  const all = Array.from({ length: 300 }, (_, n) => said(n));
  const adds = await Promise.all([...all, ...all].map((one) => file.add(one)));
  expect(adds.filter((isKept) => isKept)).toHaveLength(300);
  const text = await readFile(name, 'latin1');
  // The first goes alone, and those that came meanwhile go together, each time after an empty line.
  expect(text.split('\n\n').length).toBeLessThan(5);
  expect([...(await open()).all()].map(({ id }) => id)).toEqual(all.map(({ id }) => id));
});

test('those that a reconciliation brings do not wait for the disk one by one, and stop where it fails', async () => {
  const { name, file, attestations } = await scene();
  const set = attestations.set();
  for (let n = 0; n < 300; n++) await set.take(said(n, OTHER), OTHER.peer);
  await vi.waitFor(() => expect([...file.all()]).toHaveLength(300));
  const text = await readFile(name, 'latin1');
  expect(text.split('\n\n').length).toBeLessThan(20);
  await rm(name);
  await mkdir(name);
  const taking = async (): Promise<void> => {
    for (let n = 1000; n < 2000; n++) await set.take(said(n, OTHER), OTHER.peer);
  };
  await expect(taking()).rejects.toThrow(/EISDIR/);
});

test('this node’s own that could not be written is tried again', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { name, file, attestations, network } = await scene();
  const attester = new Attester({ identity: OWN, attestations, random: () => 0 });
  attester.join(network);
  onTestFinished(() => attester.leave());
  await mkdir(name);
  const { environment } = numbered(1);
  const attesting = attester.attest(contentId(1), { checker: CHECKER, environment });
  await expect(attesting).rejects.toThrow(/EISDIR/);
  vi.advanceTimersByTime(30_000);
  await rmdir(name);
  expect(file.of(contentId(1))).toEqual([]);
  await vi.waitFor(() => {
    vi.advanceTimersByTime(30_000);
    expect(file.of(contentId(1))).toHaveLength(1);
  });
});

test.runIf(process.platform === 'linux')(
  'this node’s own that fails late, after the next try, is tried again',
  async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { name, file, attestations, network } = await scene();
    const attester = new Attester({ identity: OWN, attestations, random: () => 0 });
    attester.join(network);
    onTestFinished(() => attester.leave());
    await mkdir(name);
    const { environment } = numbered(1);
    const attesting = attester.attest(contentId(1), { checker: CHECKER, environment });
    await expect(attesting).rejects.toThrow(/EISDIR/);
    await rmdir(name);
    // Opening it for writing takes until somebody reads, and it cannot be made sure that it is on disk.
    await promisify(execFile)('mkfifo', [name]);
    vi.advanceTimersByTime(30_000);
    vi.advanceTimersByTime(30_000);
    const reader = await openFile(name, 'r');
    await file.settled();
    await reader.close();
    await unlink(name);
    expect(file.of(contentId(1))).toEqual([]);
    await vi.waitFor(() => {
      vi.advanceTimersByTime(30_000);
      expect(file.of(contentId(1))).toHaveLength(1);
    });
  },
);

test.skipIf(process.platform === 'win32')(
  'a file that is there and cannot be opened is not taken for none',
  async () => {
    const { name, open, attestations } = await scene();
    await attestations.add(said(1));
    await rename(name, `${name}.whole`);
    // It leads to itself.
    await symlink(name, name);
    await expect(open()).rejects.toThrow(/ELOOP/);
    await unlink(name);
    await rename(`${name}.whole`, name);
    expect([...(await open()).all()]).toHaveLength(1);
  },
);
