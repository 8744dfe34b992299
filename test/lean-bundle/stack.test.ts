import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { spawnWithNode } from '../../core/lean/index.ts';
import { LinearStack } from '../../lean-bundle/wasm/stack.ts';
import { PREPARED } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';
import type { DeepCheck } from './stack-process.ts';

/** What the module itself brings; below it lies its static data. */
const MODULES_OWN_BYTES = 65_536;

function deepChecks(): Promise<DeepCheck[]> {
  const entry = path.join(PROJECT, 'test/lean-bundle/stack-process.ts');
  const child = spawnWithNode({ entry, args: [PREPARED], readable: [PREPARED, PROJECT] });
  return new Promise<DeepCheck[]>((resolve, reject) => {
    child.onMessage((message) => resolve(message as DeepCheck[]));
    child.onExit((code, signal, stderr) => reject(new Error(`${code} ${signal} ${stderr}`)));
  }).finally(() => child.kill());
}

describe("the stack in WebAssembly's memory", () => {
  test(
    'holds a kernel check far deeper than the one that the module brings',
    { timeout: 60_000 },
    async () => {
      const checks = await deepChecks();
      expect(checks.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted']);
      for (const { bytesUsed, isWhole } of checks) {
        expect(bytesUsed).toBeGreaterThan(MODULES_OWN_BYTES);
        expect(isWhole).toBe(true);
      }
    },
  );

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
    const [[base = 0, end = 0] = [], [pointer] = []] = calls;
    expect(pointer).toBe(base);
    expect([base % 16, end % 16]).toEqual([0, 0]);
    expect(end).toBeGreaterThanOrEqual(1001);
    expect(base - end).toBeGreaterThan(15_000_000);
    expect(stack.isWhole).toBe(true);
    new Uint8Array(memory.buffer)[end + 65_535] = 7;
    expect(stack.isWhole).toBe(false);
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
