import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { forkWorker } from '../../core/process/index.ts';
import { LinearStack } from '../../lean-bundle/wasm/stack.ts';
import { PREPARED } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';
import type { DeepCheck } from './stack-process.ts';

/** What the module itself brings; below it lies its static data. */
const MODULES_OWN_BYTES = 65_536;

function run<T>(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<T> {
  const entry = path.join(PROJECT, 'test/lean-bundle/stack-process.ts');
  const child = forkWorker({ entry, args: [PREPARED, ...args], options: ['--stack-size=3900'], env });
  return new Promise<T>((resolve, reject) => {
    child.onMessage((message) => resolve(message as T));
    child.onExit((code, signal, stderr) => reject(new Error(`${code} ${signal} ${stderr}`)));
  }).finally(() => child.kill());
}

describe("the stack in WebAssembly's memory", () => {
  test(
    'holds a kernel check far deeper than the one that the module brings',
    { timeout: 60_000 },
    async () => {
      const checks = await run<DeepCheck[]>(['check']);
      expect(checks.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted']);
      for (const { bytesUsed } of checks) expect(bytesUsed).toBeGreaterThan(MODULES_OWN_BYTES);
    },
  );

  test('lies at the same place whatever the language, as the image of the memory needs', async () => {
    const places = [];
    for (const language of ['en_US.UTF-8', 'ca_ES_VALENCIA']) {
      places.push(await run<number>(['place'], { LC_ALL: language, LANG: language }));
    }
    expect(places[0]).toBeGreaterThan(1e6);
    expect(places[1]).toBe(places[0]);
  });

  test('grows down from its base, and notices when its end was come to', () => {
    const memory = { buffer: new SharedArrayBuffer(2 ** 25) };
    new Uint8Array(memory.buffer).fill(1);
    const calls: number[][] = [];
    const stack = LinearStack.replace(
      {
        malloc: () => 1001,
        emscripten_stack_set_limits: (base, end) => void calls.push([base, end]),
        _emscripten_stack_restore: (pointer) => void calls.push([pointer]),
      },
      memory,
    );
    const { base, end } = stack;
    expect(calls).toEqual([[base, end], [base]]);
    expect([base % 16, end % 16]).toEqual([0, 0]);
    expect(end).toBeGreaterThanOrEqual(1001);
    expect(base).toBeLessThan(1001 + 2 ** 24);
    expect(base - end).toBeGreaterThan(15_000_000);
    stack.check();
    // A frame may well write nothing but zeros.
    new Uint8Array(memory.buffer)[end + 65_535] = 0;
    expect(() => stack.check()).toThrow('was full');
  });

  test('is refused where there is no memory for it', () => {
    const memory = { buffer: new SharedArrayBuffer(1024) };
    const api = {
      malloc: () => 0,
      emscripten_stack_set_limits: () => {},
      _emscripten_stack_restore: () => {},
    };
    expect(() => LinearStack.replace(api, memory)).toThrow('no memory for the stack');
  });
});
