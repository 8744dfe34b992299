import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  BankDiskFullError,
  BankNotWritableError,
  BankTooNewError,
  JournalWriteError,
  NotABankError,
  openBank,
  symbolEmbedder,
  type Embedder,
  type JournalFile,
  type OpenJournalFile,
} from '../../core/memory/index.ts';
import { attemptFor, idsIn, insertAll, openTestBank, proveAll, temporaryDirectory } from './helpers.ts';
import { numbered, prove } from './proofs.ts';

const SOME = proveAll([1, 2, 3, 4, 5].map((n) => numbered(n)));
const IDS = SOME.map(({ signed }) => signed.id).sort();

/** A closed bank with five proofs, inserted one by one. */
async function filledBank(): Promise<string> {
  const { bank, directory } = await openTestBank();
  for (const { proof, signed } of SOME) await bank.insert(proof, signed);
  await bank.recordAttempts([attemptFor(numbered(1), 0)]);
  await bank.close();
  return directory;
}

async function journalFile(directory: string): Promise<string> {
  const [name = ''] = await readdir(join(directory, 'journal'));
  return join(directory, 'journal', name);
}

async function changeEvery(directory: string, change: (path: string) => Promise<void>): Promise<void> {
  for (const name of await readdir(directory)) await change(join(directory, name));
}

describe('upkeep', () => {
  it('comes to its turn though each process commits little', async () => {
    const directory = join(await temporaryDirectory(), 'bank');
    const told: string[] = [];
    for (const { proof, signed } of SOME) {
      const { bank, events } = await openTestBank({ directory, upkeepEveryCommits: 5, keepVersionsMs: 0 });
      await bank.insert(proof, signed);
      await bank.close();
      told.push(...events.map(({ type }) => type));
    }
    expect(told).toContain('optimized');
  });
});

describe('opening a bank', () => {
  it.each(['statements', 'proofs'])(
    'rebuilds the table %s from the journal where it is gone',
    async (table) => {
      const directory = await filledBank();
      await rm(join(directory, 'tables', `${table}.lance`), { recursive: true });
      const { bank, events } = await openTestBank({ directory });
      expect(await idsIn(bank)).toEqual(IDS);
      expect(events).toEqual([{ type: 'rows-restored', records: 5 }]);
      expect(await bank.retrieve(numbered(9), { k: 9 })).toHaveLength(5);
    },
  );

  it.each([
    ['manifests', '_versions'],
    ['data files', 'data'],
  ])('moves a table with damaged %s aside and rebuilds it', async (_, part) => {
    const directory = await filledBank();
    const tables = join(directory, 'tables');
    await changeEvery(join(tables, 'proofs.lance', part), (path) => truncate(path, 10));
    const { bank, events } = await openTestBank({ directory });
    expect(events.map(({ type }) => type)).toEqual(['table-rebuilt', 'rows-restored']);
    expect((await readdir(tables)).some((name) => name.startsWith('proofs.lance.broken-'))).toBe(true);
    expect(await idsIn(bank)).toEqual(IDS);
    expect((await bank.stats()).attempts).toBe(1);
    await bank.close();
    expect((await openTestBank({ directory })).events).toEqual([]);
  });

  it('begins the trajectories anew where they cannot be read, and keeps the proofs', async () => {
    const directory = await filledBank();
    const versions = join(directory, 'tables', 'trajectories.lance', '_versions');
    await changeEvery(versions, (path) => writeFile(path, randomBytes(100)));
    const { bank, events } = await openTestBank({ directory });
    expect(events).toMatchObject([{ type: 'table-rebuilt', table: 'trajectories' }]);
    expect(await bank.trajectory(numbered(1).id)).toEqual([]);
    expect(await idsIn(bank)).toEqual(IDS);
  });

  it('makes a table of a directory that a crash left without any version', async () => {
    const directory = join(await temporaryDirectory(), 'bank');
    await openTestBank({ directory }).then(({ bank }) => bank.close());
    const table = join(directory, 'tables', 'proofs.lance');
    await rm(table, { recursive: true });
    await mkdir(join(table, '_versions'), { recursive: true });
    const { bank, events } = await openTestBank({ directory });
    expect(events).toEqual([]);
    await insertAll(bank, SOME);
    expect(await idsIn(bank)).toEqual(IDS);
  });

  it('reports a damaged line in the middle, loads the rest, and writes the lost record down again', async () => {
    const directory = await filledBank();
    const path = await journalFile(directory);
    const bytes = await readFile(path);
    bytes[Math.floor(bytes.length / 2)] = 0x21;
    await writeFile(path, bytes);
    const first = await openTestBank({ directory });
    expect(first.events.map(({ type }) => type)).toEqual(['journal-corrupt', 'journal-healed']);
    await first.bank.close();
    await rm(join(directory, 'tables'), { recursive: true });
    const { bank, events } = await openTestBank({ directory });
    expect(events.map(({ type }) => type)).toEqual(['journal-corrupt', 'rows-restored']);
    expect(await idsIn(bank)).toEqual(IDS);
  });

  it('cuts the journal off at any byte without losing what stands before', async () => {
    const directory = await filledBank();
    const whole = await readFile(await journalFile(directory));
    const ends = [...whole.keys()].filter((at) => whole[at] === 10).map((at) => at + 1);
    const cuts = [
      1,
      9,
      50,
      ends[0] ?? 0,
      (ends[0] ?? 0) + 1,
      (ends[2] ?? 0) - 1,
      (ends[3] ?? 0) + 700,
      whole.length - 1,
    ];
    for (const cut of cuts) {
      const fresh = join(await temporaryDirectory(), 'bank');
      await openTestBank({ directory: fresh }).then(({ bank }) => bank.close());
      await writeFile(join(fresh, 'journal', 'free-cut.journal'), whole.subarray(0, cut));
      const { bank, events } = await openTestBank({ directory: fresh });
      const complete = ends.filter((end) => end <= cut).length;
      expect(await idsIn(bank)).toHaveLength(complete);
      expect(events.some(({ type }) => type === 'journal-torn')).toBe(!ends.includes(cut));
      expect(events.some(({ type }) => type === 'journal-corrupt')).toBe(false);
      await bank.close();
    }
  });

  it('computes all vectors anew for another embedder, of another length too, and keeps everything else', async () => {
    const directory = await filledBank();
    const ones: Embedder = {
      name: 'ones',
      version: 3,
      dimensions: 8,
      embed: (statements) => Promise.resolve(statements.map(() => new Float32Array(8).fill(1))),
    };
    const { bank, events } = await openTestBank({ directory, embedder: ones });
    expect(events).toEqual([{ type: 'reembedded', statements: 5, embedder: 'ones@3/8' }]);
    expect(await bank.retrieve(numbered(9), { k: 9, by: 'vectors' })).toHaveLength(5);
    await bank.close();
    expect((await openTestBank({ directory, embedder: ones })).events).toEqual([]);
    const newer = { ...symbolEmbedder(), version: 99 };
    const back = await openTestBank({ directory, embedder: newer });
    expect(back.events).toMatchObject([{ type: 'reembedded', statements: 5 }]);
    expect(await idsIn(back.bank)).toEqual(IDS);
    expect(await back.bank.search('numbered_3')).not.toEqual([]);
  });

  it('uses one journal file over again, however often banks are opened', async () => {
    const directory = await filledBank();
    for (let n = 10; n < 13; n += 1) {
      const { bank } = await openTestBank({ directory });
      await insertAll(bank, [prove(numbered(n))]);
      await bank.close();
    }
    expect(await readdir(join(directory, 'journal'))).toHaveLength(1);
  });
});

describe('a bank that cannot be had', () => {
  it('is one of a later format', async () => {
    const directory = await filledBank();
    await writeFile(join(directory, 'bank.json'), JSON.stringify({ format: 'proofswarm-bank', version: 2 }));
    await expect(openBank({ directory })).rejects.toThrow(BankTooNewError);
    await expect(openBank({ directory })).rejects.toMatchObject({ found: 2, known: 1 });
  });

  it('is no bank: foreign files, a foreign or broken format file, a file', async () => {
    const parent = await temporaryDirectory();
    await writeFile(join(parent, 'thesis.tex'), 'precious');
    await expect(openBank({ directory: parent })).rejects.toThrow(NotABankError);
    expect(await readdir(parent)).toEqual(['thesis.tex']);
    await expect(openBank({ directory: join(parent, 'thesis.tex') })).rejects.toThrow(NotABankError);
    await expect(openBank({ directory: join(parent, 'thesis.tex', 'in') })).rejects.toThrow(NotABankError);
    for (const text of ['{', '{"format":"other","version":1}', '[]']) {
      await writeFile(join(parent, 'bank.json'), text);
      await expect(openBank({ directory: parent })).rejects.toThrow(NotABankError);
    }
  });

  it.runIf(process.platform === 'linux')('is not writable', async () => {
    await expect(openBank({ directory: '/sys/proofswarm-bank' })).rejects.toThrow(BankNotWritableError);
  });
});

describe('a full disk', () => {
  /** Journal files that take `room` more bytes, then fail as a full disk (or another fault) does. */
  function limited(code: string, room: { bytes: number }): OpenJournalFile {
    return async (path, flags): Promise<JournalFile> => {
      const file = await open(path, flags);
      const write = async (bytes: Buffer, offset: number, length: number, position: number) => {
        const taken = Math.min(length, room.bytes);
        if (taken === 0) throw Object.assign(new Error(`${code}: injected`), { code });
        room.bytes -= taken;
        return file.write(bytes, offset, taken, position);
      };
      return {
        write: write as unknown as JournalFile['write'],
        datasync: () => file.datasync(),
        truncate: (length) => file.truncate(length),
        close: () => file.close(),
      };
    };
  }

  it('keeps nothing of a proof that the journal has no room for, and goes on when there is room', async () => {
    const room = { bytes: 3000 };
    const { bank, directory } = await openTestBank({ openFile: limited('ENOSPC', room) });
    const outcomes: string[] = [];
    for (const { proof, signed } of SOME) {
      const outcome = bank.insert(proof, signed).catch((error: unknown) => error);
      const result = await outcome;
      if (result instanceof BankDiskFullError) {
        expect(result).toMatchObject({ stage: 'journal' });
        expect(await bank.has(signed.id)).toBe(false);
      }
      outcomes.push(result instanceof Error ? result.name : String(result));
    }
    expect(outcomes[0]).toBe('inserted');
    expect(outcomes.at(-1)).toBe('BankDiskFullError');
    const journal = await readFile(await journalFile(directory));
    expect(journal.at(-1)).toBe(10);
    room.bytes = 1_000_000;
    await insertAll(bank, SOME);
    await bank.close();
    const { bank: again, events } = await openTestBank({ directory });
    expect(events).toEqual([]);
    expect(await idsIn(again)).toEqual(IDS);
  });

  it('is told from other faults of the journal', async () => {
    const { bank } = await openTestBank({ openFile: limited('EIO', { bytes: 10 }) });
    const { proof, signed } = prove(numbered(1));
    await expect(bank.insert(proof, signed)).rejects.toThrow(JournalWriteError);
  });
});
