import { copyFile, link, mkdtemp, open, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnWithNode } from '../../core/lean/index.ts';
import { compileLean, type TrainingProcess } from '../../lean-bundle/wasm/compile.ts';
import { machineCodeFile } from '../../lean-bundle/wasm/machine-code.ts';
import {
  encodeImageHeader,
  imageFile,
  readImageHeader,
  type ImageHeader,
} from '../../lean-bundle/wasm/memory-image.ts';
import { linkPrepared } from '../support/linked-lean.ts';
import { PREPARED } from '../support/lean.ts';
import { PROJECT, TEST_CACHE } from '../support/paths.ts';

let scratch: string;
let directory: string;
beforeEach(async () => {
  scratch = await mkdtemp(path.join(TEST_CACHE, '..', 'image-'));
  directory = path.join(scratch, 'prepared');
  await linkPrepared(directory, 'memory-image');
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

interface Outcome {
  readonly restored: boolean;
  readonly results: readonly unknown[];
  readonly std: boolean;
}

async function run(): Promise<Outcome> {
  const entry = path.join(PROJECT, 'test/lean-bundle/session-process.ts');
  const child = spawnWithNode({ entry, args: [directory], readable: [directory, PROJECT] });
  try {
    return await new Promise((resolve, reject) => {
      child.onMessage((message) => resolve(message as Outcome));
      child.onExit((code, signal, stderr) => reject(new Error(`${code} ${signal} ${stderr}`)));
    });
  } finally {
    child.kill();
  }
}

async function change(at: number, bytes: Uint8Array): Promise<void> {
  const file = await open(imageFile(directory), 'r+');
  await file.write(bytes, 0, bytes.length, at);
  await file.close();
}

async function changeHeader(fields: Partial<Record<keyof ImageHeader, unknown>>): Promise<void> {
  const header = readImageHeader(imageFile(directory));
  await change(0, encodeImageHeader({ ...header, ...fields } as ImageHeader));
}

describe('a Lean from the image of its memory', () => {
  test('answers as one that was initialised, word for word', { timeout: 60_000 }, async () => {
    const initialised = await run();
    await link(imageFile(PREPARED), imageFile(directory));
    const restored = await run();
    expect([initialised.restored, restored.restored]).toEqual([false, true]);
    expect(restored.results).toEqual(initialised.results);
    expect(restored.std).toBe(true);
    // What it was made to do is worth comparing: proofs that the kernel accepted, and errors.
    expect(JSON.stringify(restored.results).match(/"accepted"/g)).toHaveLength(6);
    expect(JSON.stringify(restored.results).match(/"failed":true/g)).toHaveLength(2);
  });

  test.each([
    ['that was cut', () => truncate(imageFile(directory), 50_000_000)],
    ['of which a bit has changed', () => change(30_000_001, new Uint8Array([0xa5]))],
    ['of another module', () => changeHeader({ tableLength: 5 })],
    ['of a Lean whose stack lies elsewhere', () => changeHeader({ stackBase: 4096 })],
    ['that is smaller than the module', () => changeHeader({ bytes: 65_536 })],
  ])('is not made from one %s', { timeout: 60_000 }, async (_, damage) => {
    await copyFile(imageFile(PREPARED), imageFile(directory));
    await damage();
    const { restored, results } = await run();
    expect(restored).toBe(false);
    expect(JSON.stringify(results).match(/"accepted"/g)).toHaveLength(6);
  });

  test.each([
    ['was cut within its header', () => truncate(imageFile(directory), 100)],
    ['is of another version', () => changeHeader({ generation: 0 })],
    ['says to be larger than any', () => changeHeader({ bytes: 2 ** 40 })],
    ['is another file', () => writeFile(imageFile(directory), 'something else altogether')],
    ['is not there', () => rm(imageFile(directory))],
  ])('has nothing to start from where the file %s', async (_, damage) => {
    await copyFile(imageFile(PREPARED), imageFile(directory));
    expect(readImageHeader(imageFile(directory))).toBeDefined();
    await damage();
    expect(readImageHeader(imageFile(directory))).toBeUndefined();
  });
});

describe('taking the image', () => {
  const header = readImageHeader(imageFile(PREPARED));

  /** A process that says these things and ends. */
  function saying(messages: readonly unknown[]): () => TrainingProcess {
    return () => ({
      onMessage: (listener) => messages.forEach((message) => listener(message)),
      onExit: (listener) => void setImmediate(() => listener(0, null, '')),
      kill: () => {},
    });
  }

  const left = async (): Promise<string[]> => (await readdir(scratch)).filter((name) => name !== 'prepared');

  test('was done by the preparation', () => {
    expect(header).toMatchObject({ imports: ['Init'] });
  });

  test('keeps what came of it, also where the process did not come to its end', async () => {
    const bytes = new Uint8Array(65_536).fill(7);
    const messages = [
      { type: 'image-part', at: 65_536, bytes },
      { type: 'image', header: { ...header, bytes: 4 * 65_536 } },
    ];
    await compileLean({ directory }, { start: saying(messages) });
    expect(readImageHeader(imageFile(directory))).toEqual({ ...header, bytes: 4 * 65_536 });
    const file = await open(imageFile(directory));
    const read = async (at: number): Promise<number | undefined> => {
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
      return buffer[0];
    };
    expect([await read(65_536), await read(2 * 65_536), await read(4 * 65_536)]).toEqual([0, 7, 0]);
    expect((await file.stat()).size).toBe(5 * 65_536);
    await file.close();
    expect(await left()).toEqual([]);
  });

  test.each([
    ['stops half-way', [{ type: 'image-part', at: 0, bytes: new Uint8Array(65_536) }]],
    ['describes it wrongly', [{ type: 'image', header: { ...header, bytes: 17 } }]],
    [
      'sends more than an image holds',
      [
        { type: 'image-part', at: 2 ** 40, bytes: new Uint8Array(1) },
        { type: 'image', header },
      ],
    ],
    ['sends something else', [{ type: 'image-part', at: -1, bytes: 'text' }, null]],
  ])('leaves nothing where the process %s', async (_, messages) => {
    await compileLean({ directory }, { start: saying(messages) });
    expect(readImageHeader(imageFile(directory))).toBeUndefined();
    expect(await left()).toEqual([]);
  });

  test('is made up for where only the machine code is there', async () => {
    let started = 0;
    const start = saying([]);
    await compileLean({ directory }, { start: () => (started++, start()) });
    expect(started).toBe(1);
    expect(await readdir(directory)).toContain(path.basename(machineCodeFile(PREPARED)));
  });
});
