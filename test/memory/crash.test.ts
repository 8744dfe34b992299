import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { idsIn, openTestBank, temporaryDirectory } from './helpers.ts';
import { numbered, prove } from './proofs.ts';

const WRITER = join(import.meta.dirname, 'crash-writer.ts');

interface Writer {
  readonly child: ChildProcess;
  /** Ids that insert() returned for. */
  readonly returned: string[];
  readonly errors: string[];
  readonly lines: string[];
  /** Resolves when a line arrives for which the condition holds, or the process is gone. */
  until(condition: (line: string) => boolean): Promise<void>;
  gone(): Promise<void>;
}

function startWriter(directory: string, first: number, count: number, mode = ''): Writer {
  const child = spawn(process.execPath, [WRITER, directory, String(first), String(count), mode], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const errors: string[] = [];
  const returned: string[] = [];
  const waiting = new Set<(line: string | undefined) => void>();
  const ended = once(child, 'close').then(() => waiting.forEach((wake) => wake(undefined)));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (line.startsWith('bafyrei')) returned.push(line);
    waiting.forEach((wake) => wake(line));
  });
  const until = (condition: (line: string) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const wake = (line: string | undefined): void => {
        if (line !== undefined && !condition(line)) return;
        waiting.delete(wake);
        resolve();
      };
      if (lines.some(condition)) resolve();
      else waiting.add(wake);
    });
  return { child, returned, errors, lines, until, gone: () => ended };
}

/** Deterministic, so that a failing run can be repeated. */
function* randoms(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Burns time on the clock, since what is waited for is a moment inside the other process that nothing tells of. */
function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('kill -9', () => {
  it('loses no proof that insert() returned for, at any moment, with two writers at once', async () => {
    const directory = join(await temporaryDirectory(), 'bank');
    const random = randoms(20_261_122);
    const returned = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const writers = [0, 1].map((side) => startWriter(directory, round * 100 + side * 20, 20));
      for (const writer of writers) {
        // Some die while they start or open, some between and some within inserts.
        const after = Math.floor(random.next().value * 8);
        const enough = (line: string): boolean =>
          after === 0
            ? line === 'started'
            : after === 1
              ? line === 'opened'
              : writer.returned.length >= after;
        await writer.until(enough);
        spin(random.next().value * (after === 0 ? 150 : 12));
        writer.child.kill('SIGKILL');
      }
      for (const writer of writers) {
        await writer.gone();
        expect(writer.errors.filter((text) => text.includes('Error'))).toEqual([]);
        writer.returned.forEach((id) => returned.add(id));
      }
    }
    const { bank, events } = await openTestBank({ directory });
    const kept = await idsIn(bank);
    expect([...returned].filter((id) => !kept.includes(id))).toEqual([]);
    expect(await bank.stats()).toMatchObject({ statements: kept.length, proofs: kept.length });
    expect(returned.size).toBeGreaterThan(20);
    expect(events.filter(({ type }) => type === 'journal-corrupt' || type === 'table-rebuilt')).toEqual([]);
    for (const id of kept) expect(await bank.proof(id)).toBeDefined();
    // Twenty processes are started, each of which loads LanceDB.
  }, 240_000);

  it('in the middle of a journal write leaves a tail that the next bank cuts off', async () => {
    const directory = join(await temporaryDirectory(), 'bank');
    const writer = startWriter(directory, 0, 3, 'tear');
    await writer.until((line) => line === 'torn');
    writer.child.kill('SIGKILL');
    await writer.gone();
    const { bank, events } = await openTestBank({ directory });
    expect(events.map(({ type }) => type)).toEqual(['journal-torn']);
    expect(await idsIn(bank)).toEqual([...writer.returned].sort());
    expect(writer.returned).toHaveLength(2);
    const { proof, signed } = prove(numbered(2));
    expect(await bank.insert(proof, signed)).toBe('inserted');
    await bank.close();
    const again = await openTestBank({ directory });
    expect(again.events).toEqual([]);
    expect(await idsIn(again.bank)).toHaveLength(3);
  });
});

describe('two processes at once', () => {
  it('insert into one bank, the same records too, and each sees the union', async () => {
    const directory = join(await temporaryDirectory(), 'bank');
    const writers = [startWriter(directory, 0, 16), startWriter(directory, 8, 16)];
    for (const writer of writers) {
      await writer.gone();
      expect(writer.errors.filter((text) => text.includes('Error'))).toEqual([]);
      expect(writer.lines.at(-1)).toBe('closed');
      expect(writer.returned).toHaveLength(16);
    }
    const { bank, events } = await openTestBank({ directory });
    expect(events).toEqual([]);
    const expected = Array.from({ length: 24 }, (_, n) => prove(numbered(n)).signed.id).sort();
    expect(await idsIn(bank)).toEqual(expected);
    // Rows are counted here, so that a second row of one id would show.
    expect(await bank.stats()).toMatchObject({ statements: 24, proofs: 24 });
  });

  it('see each other’s inserts while both are open', async () => {
    const { bank, directory } = await openTestBank();
    const other = await openTestBank({ directory });
    const { proof, signed } = prove(numbered(1));
    await other.bank.insert(proof, signed);
    expect(await bank.has(signed.id)).toBe(true);
    expect(await bank.insert(proof, signed)).toBe('known');
    expect(await bank.retrieve(numbered(2), { k: 1 })).toHaveLength(1);
  });
});
