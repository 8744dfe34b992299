import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  BankClosedError,
  BankProcessError,
  NotABankError,
  openBank,
  openBankApart,
  RecordMismatchError,
  type Bank,
  type OpenBankApartOptions,
} from '../../core/memory/index.ts';
import { forkWorker, type ForkInit, type WorkerProcess } from '../../core/process/index.ts';
import { idsIn, insertAll, temporaryDirectory } from './helpers.ts';
import { attemptFor, numbered, prove } from './proofs.ts';

interface Apart {
  readonly bank: Bank;
  readonly directory: string;
  /** In the order in which they were started. */
  readonly processes: readonly { readonly process: WorkerProcess; ended: boolean }[];
}

async function openApart(options: Pick<OpenBankApartOptions, 'idleMs'> = {}): Promise<Apart> {
  const directory = path.join(await temporaryDirectory(), 'bank');
  const processes: { process: WorkerProcess; ended: boolean }[] = [];
  const start = (init: ForkInit): WorkerProcess => {
    const one = { process: forkWorker(init), ended: false };
    one.process.onExit(() => (one.ended = true));
    processes.push(one);
    return one.process;
  };
  const bank = await openBankApart({ ...options, directory, start });
  onTestFinished(() => bank.close());
  return { bank, directory, processes };
}

const proofs = (count: number) => Array.from({ length: count }, (_, n) => prove(numbered(n)));

const lives = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the process of a bank that is kept apart', () => {
  it('ends when nothing is asked, and is there again when something is', async () => {
    const { bank, processes } = await openApart({ idleMs: 50 });
    const all = proofs(3);
    await insertAll(bank, all);
    await vi.waitUntil(() => processes.every(({ ended }) => ended), 20_000);
    expect(processes).toHaveLength(1);
    expect(await idsIn(bank)).toEqual(all.map(({ signed }) => signed.id).sort());
    expect(processes).toHaveLength(2);
  });

  it('stays while a list is being read, however slowly', async () => {
    const { bank, processes } = await openApart({ idleMs: 1 });
    await insertAll(bank, proofs(150));
    const before = processes.length;
    const ids: string[] = [];
    for await (const { id } of bank.proofs()) {
      // Longer than it may rest, after the first part that it was asked for.
      if (ids.push(id) === 64) await setTimeout(30);
    }
    expect(new Set(ids).size).toBe(150);
    expect(processes.length).toBeLessThanOrEqual(before + 1);
  });

  it('is not woken to count what nobody has added to, and sees what another process adds', async () => {
    const { bank, directory, processes } = await openApart({ idleMs: 50 });
    await insertAll(bank, proofs(2));
    expect(await bank.count()).toBe(2);
    await vi.waitUntil(() => processes.every(({ ended }) => ended), 20_000);
    const before = processes.length;
    expect(await bank.count()).toBe(2);
    expect(processes).toHaveLength(before);
    const other = await openBank({ directory });
    const { proof, signed } = prove(numbered(9));
    await other.insert(proof, signed);
    await other.close();
    expect(await bank.count()).toBe(3);
    expect(processes).toHaveLength(before + 1);
  });

  it('is killed over and over while proofs are inserted: all are kept, and every call is answered', async () => {
    const { bank, directory, processes } = await openApart();
    const all = proofs(60);
    const returned = new Set<string>();
    const inserting = all.map(async ({ proof, signed }, n) => {
      // One after another, so that some are on their way at every kill.
      if (n > 0) await vi.waitUntil(() => returned.size >= n - 8, { timeout: 60_000, interval: 1 });
      await bank.insert(proof, signed);
      returned.add(signed.id);
    });
    for (const after of [5, 20, 40]) {
      await vi.waitUntil(() => returned.size >= after, { timeout: 60_000, interval: 1 });
      processes.at(-1)?.process.kill();
    }
    await Promise.all(inserting);
    expect(processes.length).toBeGreaterThan(3);
    await bank.close();
    const again = await openBank({ directory });
    expect(await idsIn(again)).toEqual(all.map(({ signed }) => signed.id).sort());
    await again.close();
  });

  it('is killed while a list is read: the reader is told, and the next one reads all', async () => {
    const { bank, processes } = await openApart();
    await insertAll(bank, proofs(150));
    const reading = async (): Promise<void> => {
      let read = 0;
      for await (const { id } of bank.proofs()) {
        expect(id).toMatch(/^bafy/);
        if (++read !== 64) continue;
        const last = processes.at(-1);
        last?.process.kill();
        await vi.waitUntil(() => last?.ended === true);
      }
    };
    await expect(reading()).rejects.toThrow(BankProcessError);
    expect(await idsIn(bank)).toHaveLength(150);
  });

  it('cannot be started: that is told with what it said, and not tried for ever', async () => {
    const directory = path.join(await temporaryDirectory(), 'bank');
    let starts = 0;
    const start = (init: ForkInit): WorkerProcess => {
      starts += 1;
      return forkWorker({ ...init, entry: path.join(directory, 'no-such-module.ts') });
    };
    const opening = openBankApart({ directory, start });
    await expect(opening).rejects.toThrow(BankProcessError);
    await expect(opening).rejects.toThrow(/no-such-module/);
    expect(starts).toBe(3);
  });

  it('cannot be forked, or cannot be sent what is asked: the caller is told, and nothing waits for ever', async () => {
    const directory = path.join(await temporaryDirectory(), 'bank');
    const noMemory = (): WorkerProcess => {
      throw Object.assign(new Error('spawn ENOMEM'), { code: 'ENOMEM', syscall: 'spawn' });
    };
    const opening = openBankApart({ directory, start: noMemory });
    await expect(opening).rejects.toThrow(BankProcessError);
    await expect(opening).rejects.toThrow('there is no memory left');

    const { bank } = await openApart();
    const unsendable = { k: 1, exclude: () => undefined } as unknown as { k: number };
    await expect(bank.retrieve(numbered(1), unsendable)).rejects.toThrow(BankProcessError);
    expect(await bank.count()).toBe(0);
    await bank.close();
    await expect(bank.count()).rejects.toThrow(BankClosedError);
  });

  it('is opened again and again: a damaged line is told of once', async () => {
    const directory = path.join(await temporaryDirectory(), 'bank');
    const first = await openBank({ directory });
    await insertAll(first, proofs(3));
    await first.close();
    const [name = ''] = await readdir(path.join(directory, 'journal'));
    const journal = path.join(directory, 'journal', name);
    const text = await readFile(journal, 'latin1');
    const [line = ''] = text.split('\n');
    await writeFile(journal, text.replace(line, `x${line.slice(1)}`), 'latin1');
    const told: string[] = [];
    const bank = await openBankApart({ directory, idleMs: 10, onEvent: ({ type }) => told.push(type) });
    onTestFinished(() => bank.close());
    for (let n = 0; n < 3; n++) {
      expect(await bank.keys()).toHaveLength(3);
      await setTimeout(100);
    }
    expect(told.filter((type) => type === 'journal-corrupt')).toHaveLength(1);
  });

  it('tells errors as what they are', async () => {
    const taken = path.join(await temporaryDirectory(), 'taken');
    await mkdir(taken);
    await writeFile(path.join(taken, 'letter.txt'), 'mine');
    await expect(openBankApart({ directory: taken })).rejects.toThrow(NotABankError);
    await expect(openBankApart({ directory: taken })).rejects.toMatchObject({ directory: taken });
    const { bank } = await openApart();
    const [one, other] = proofs(2);
    if (one === undefined || other === undefined) throw new Error('two were made');
    const mixed = bank.insert(one.proof, other.signed);
    await expect(mixed).rejects.toThrow(RecordMismatchError);
    await expect(mixed).rejects.toMatchObject({ field: 'statement', name: 'RecordMismatchError' });
    const forged = bank.insert(one.proof, { ...one.signed, signature: new Uint8Array(64) });
    await expect(forged).rejects.toMatchObject({ field: 'signature', cause: expect.any(Error) as Error });
  });

  it('recovers from a bank that could not be opened for a while', async () => {
    const { bank, directory, processes } = await openApart({ idleMs: 20 });
    await insertAll(bank, proofs(1));
    await vi.waitUntil(() => processes.every(({ ended }) => ended), 20_000);
    const format = path.join(directory, 'bank.json');
    await writeFile(format, '{"format":"another"}');
    await expect(bank.keys()).rejects.toThrow(NotABankError);
    await writeFile(format, '{"format":"proofswarm-bank","version":1}');
    expect(await bank.keys()).toHaveLength(1);
  });

  it('is closed with a list half read, and refuses what comes after', async () => {
    const { bank, processes } = await openApart();
    await insertAll(bank, proofs(100));
    const iterator = bank.proofs()[Symbol.asyncIterator]();
    await iterator.next();
    await bank.close();
    expect(processes.every(({ ended }) => ended)).toBe(true);
    await expect(bank.recordAttempts([attemptFor(numbered(1), 0)])).rejects.toThrow(BankClosedError);
    await expect(bank.keys()).rejects.toThrow(BankClosedError);
  });

  it('outlives a terminal’s Ctrl-C, and does not outlive its parent', async () => {
    const { bank, processes } = await openApart();
    const own = processes[0]?.process.pid ?? 0;
    process.kill(own, 'SIGINT');
    process.kill(own, 'SIGTERM');
    await insertAll(bank, proofs(1));
    expect(processes).toHaveLength(1);

    const directory = path.join(await temporaryDirectory(), 'bank');
    const parent = spawn(process.execPath, [path.join(import.meta.dirname, 'apart-parent.ts'), directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(parent, 'exit');
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const child = Number(line);
    expect(lives(child)).toBe(true);
    parent.kill('SIGKILL');
    await gone;
    await vi.waitUntil(() => !lives(child), 20_000);
    const again = await openBank({ directory });
    expect(await again.count()).toBe(1);
    await again.close();
  });
});
