import { open } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  BankDiskFullError,
  RecordMismatchError,
  type Bank,
  type JournalFile,
  type OpenJournalFile,
} from '../../core/memory/index.ts';
import { OwnProofs, proveAll, ProofNotWrittenError } from '../../core/node/index.ts';
import { createIdentity } from '../../core/record/index.ts';
import { openTestBank, prove } from '../memory/helpers.ts';
import { numbered } from '../memory/proofs.ts';
import { provedOutcome, scriptedPolicy } from '../repair/scripted.ts';

const identity = createIdentity(new Uint8Array(32).fill(1));

/** A journal on a disk that is full for as long as is said. */
async function bankOnFullDisk(): Promise<{ bank: Bank; disk: { isFull: boolean; tried: number } }> {
  const disk = { isFull: true, tried: 0 };
  const openFile: OpenJournalFile = async (path, flags): Promise<JournalFile> => {
    const file = await open(path, flags);
    return {
      write: ((...args: Parameters<JournalFile['write']>) => {
        disk.tried++;
        if (disk.isFull) throw Object.assign(new Error('ENOSPC: injected'), { code: 'ENOSPC' });
        return file.write(...args);
      }) as JournalFile['write'],
      datasync: () => file.datasync(),
      truncate: (length) => file.truncate(length),
      close: () => file.close(),
    };
  };
  const { bank } = await openTestBank({ openFile });
  return { bank, disk };
}

test('a proof that the journal has no room for is written once there is room', async () => {
  const { bank, disk } = await bankOnFullDisk();
  const own = new OwnProofs({ bank }, { retryMs: 5 });
  onTestFinished(() => own[Symbol.asyncDispose]());
  const statement = numbered(1);
  const parts = {
    bank: own,
    identity,
    policy: scriptedPolicy(({ statement: { formal } }) => [`${formal} := by omega`]),
    checker: {
      identity: { name: 'scripted', version: '1' },
      checkStatement: () => Promise.resolve(),
      check: (of: typeof statement, submission: string) => Promise.resolve(provedOutcome(of, submission)),
    },
  };
  const run = proveAll([statement], parts, { jobs: 1, rounds: 1 });
  const error = await run.next().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProofNotWrittenError);
  expect(error).toMatchObject({
    message: expect.stringMatching(/no space left.*kept in memory and tried again/) as string,
    submission: `${statement.formal} := by omega`,
    cause: expect.any(BankDiskFullError) as unknown,
  });
  const tried = disk.tried;
  await vi.waitFor(() => expect(disk.tried).toBeGreaterThan(tried + 1));
  expect(await bank.solved(statement.id)).toBe(false);
  disk.isFull = false;
  await vi.waitFor(async () => expect(await bank.solved(statement.id)).toBe(true));
  const [signed] = await bank.proofsOf(statement.id);
  expect(signed?.record.finder.peer).toBe(identity.peer);
});

test('at the end it is tried a last time', async () => {
  const { bank, disk } = await bankOnFullDisk();
  const own = new OwnProofs({ bank });
  const { proof, signed } = prove(numbered(1));
  await expect(own.insert(proof, signed)).rejects.toBeInstanceOf(ProofNotWrittenError);
  disk.isFull = false;
  await own[Symbol.asyncDispose]();
  expect(await bank.has(signed.id)).toBe(true);
});

test('a record that is not of the proof is not tried again', async () => {
  const { bank, disk } = await bankOnFullDisk();
  const own = new OwnProofs({ bank });
  await expect(own.insert(prove(numbered(1)).proof, prove(numbered(2)).signed)).rejects.toBeInstanceOf(
    RecordMismatchError,
  );
  await own[Symbol.asyncDispose]();
  expect(disk.tried).toBe(0);
});
