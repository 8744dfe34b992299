import { copyFile, link, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { spawnWithNode, type LeanProcess } from '../../core/lean/index.ts';
import { compileLean } from '../../lean-bundle/wasm/compile.ts';
import { encodeMachineCode, machineCodeFile, readMachineCode } from '../../lean-bundle/wasm/machine-code.ts';
import { linkPrepared } from '../support/linked-lean.ts';
import { PREPARED, statement, testChecker, WORKER_ENTRY } from '../support/lean.ts';
import { PROJECT, TEST_CACHE } from '../support/paths.ts';

/**
 * The test cache has the machine code, as the program makes it. Here it is damaged, refused and made anew, beside the same
 * prepared files.
 */

let directory: string;
let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(path.join(TEST_CACHE, '..', 'compile-'));
  directory = path.join(scratch, 'prepared');
  await linkPrepared(directory, 'machine-code');
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

const keptFile = (): string => machineCodeFile(directory);
const leftBehind = async (): Promise<string[]> =>
  [...(await readdir(scratch)), ...(await readdir(directory))].filter((name) =>
    /tmp|machine-code/.test(name),
  );

/** Whether a process like Lean's takes what is kept. */
async function taken(): Promise<unknown> {
  const entry = path.join(PROJECT, 'test/lean-bundle/kept-module.ts');
  const child = spawnWithNode({ entry, args: [directory], readable: [directory, PROJECT] });
  try {
    return await new Promise((resolve) => {
      child.onMessage(resolve);
      child.onExit((code, signal, stderr) => resolve({ code, signal, stderr }));
    });
  } finally {
    child.kill();
  }
}

function starter(entry = WORKER_ENTRY): { start: (settings: string) => LeanProcess; started: LeanProcess[] } {
  const started: LeanProcess[] = [];
  return {
    started,
    start: (settings) => {
      const child = spawnWithNode({ entry, args: [settings], readable: [directory, PROJECT] });
      started.push(child);
      return child;
    },
  };
}

const isAlive = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the machine code of Lean', () => {
  test('is kept by the preparation, and taken by the processes of Lean', async () => {
    await copyFile(machineCodeFile(PREPARED), keptFile());
    expect(await taken()).toEqual({ kept: true });
  });

  test('is there already: nothing is started', async () => {
    await link(machineCodeFile(PREPARED), keptFile()).catch(() =>
      copyFile(machineCodeFile(PREPARED), keptFile()),
    );
    const { start, started } = starter();
    await compileLean({ directory }, { start });
    expect(started).toEqual([]);
  });

  test.each([
    ['was cut', () => truncate(keptFile(), 1_000_000)],
    ['was cut within its header', () => truncate(keptFile(), 5)],
    ['has a byte that changed', () => flip(2_000_000)],
    ['is another file', () => writeFile(keptFile(), 'something else altogether')],
    ['is for another V8', () => writeFile(keptFile(), encodeMachineCode(Buffer.alloc(1_000_000, 7)))],
  ])('is not taken where it %s', async (_, damage) => {
    await copyFile(machineCodeFile(PREPARED), keptFile());
    await damage();
    expect(await taken()).toEqual({ kept: false });
  });

  test('that was damaged does not keep Lean from working', async () => {
    await writeFile(keptFile(), (await readFile(machineCodeFile(PREPARED))).subarray(0, 1_000_000));
    await using checker = testChecker({ preparedDirectory: directory });
    const easy = statement('theorem target : 1 + 1 = 2');
    expect(await checker.check(easy, 'theorem target : 1 + 1 = 2 := by rfl')).toMatchObject({
      verdict: { kind: 'proved' },
    });
  });

  async function flip(offset: number): Promise<void> {
    const bytes = await readFile(keptFile());
    bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
    await writeFile(keptFile(), bytes);
  }

  test('that a V8 cannot tell is noted, so that it is not asked again', async () => {
    await writeFile(keptFile(), encodeMachineCode(new Uint8Array()));
    const { start, started } = starter();
    await compileLean({ directory }, { start });
    expect(started).toEqual([]);
    expect(readMachineCode(keptFile())).toBeUndefined();
    expect(await taken()).toEqual({ kept: false });
  });
});

describe('compiling', () => {
  test('that is cancelled ends at once, with its process, and leaves nothing', async () => {
    const { start, started } = starter();
    const controller = new AbortController();
    const compiling = compileLean(
      { directory },
      { start, signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) },
    );
    await expect(compiling).rejects.toThrow('enough');
    await vi.waitFor(() => expect(started.map(({ pid }) => isAlive(pid))).toEqual([false]));
    expect(await leftBehind()).toEqual([]);
  });

  test('whose process is killed is given up without an error, and done again another time', async () => {
    const { start, started } = starter();
    const compiling = compileLean({ directory }, { start });
    started[0]?.kill();
    await compiling;
    expect(await leftBehind()).toEqual([]);
    const again = compileLean({ directory }, { start });
    expect(started).toHaveLength(2);
    started[1]?.kill();
    await again;
  });

  test('believes nothing but what a process that trains would say', async () => {
    const listeners: ((message: unknown) => void)[] = [];
    let end = (): void => {};
    const fractions: number[] = [];
    const compiling = compileLean(
      { directory },
      {
        start: () => ({
          onMessage: (listener) => listeners.push(listener),
          onExit: (listener) => (end = () => listener(1, null, '')),
          kill: () => {},
        }),
        onProgress: ({ fraction }) => fractions.push(fraction),
      },
    );
    for (const message of [{ type: 'trained', code: 'text' }, { type: 'training', fraction: 7 }, null]) {
      listeners[0]?.(message);
    }
    end();
    await compiling;
    expect(fractions).toEqual([0]);
    expect(await leftBehind()).toEqual([]);
  });
});
