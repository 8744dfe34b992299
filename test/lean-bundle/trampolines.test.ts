import { describe, expect, test } from 'vitest';
import { section, unsignedLeb } from '../../lean-bundle/wasm/binary.ts';
import { trampolineModule, type FunctionType } from '../../lean-bundle/wasm/trampolines.ts';

const I32 = 0x7f;
const I64 = 0x7e;
const F64 = 0x7c;
const SLOTS = { stackSave: 1, stackRestore: 2, setThrew: 3 };
const CALLEE = 5;
const STACK_POINTER = 4096;

type Numeric = number | bigint;

/** What `WebAssembly` has and TypeScript's library for Node does not list. */
interface Wasm {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (
    module: object,
    imports: object,
  ) => { exports: Record<string, (...args: Numeric[]) => Numeric> };
  Table: new (descriptor: object) => {
    set(slot: number, value: unknown): void;
    get(slot: number): (...args: Numeric[]) => Numeric;
  };
  Global: new (descriptor: object, value: number) => { value: number };
}
const wasm = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;

/** A JavaScript function as WebAssembly's: what a table takes. */
function wrap(implementation: (...args: Numeric[]) => unknown, type: FunctionType): unknown {
  const bytes = Buffer.concat([
    Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    section(
      1,
      Buffer.from([1, 0x60]),
      unsignedLeb(type.parameters.length),
      Buffer.from(type.parameters),
      unsignedLeb(type.results.length),
      Buffer.from(type.results),
    ),
    section(2, Buffer.from([1, 1, 0x65, 1, 0x66, 0, 0])),
    section(7, Buffer.from([1, 1, 0x66, 0, 0])),
  ]);
  return new wasm.Instance(new wasm.Module(bytes), { e: { f: implementation } }).exports['f'];
}

interface Setup {
  readonly call: (...args: Numeric[]) => Numeric;
  readonly thrown: { value: number };
  readonly calls: string[];
}

/** @param declared the type by which the caller calls; the callee's own unless given */
function setup(
  type: FunctionType,
  callee: (...args: Numeric[]) => unknown,
  declared: FunctionType = type,
): Setup {
  const calls: string[] = [];
  const table = new wasm.Table({ element: 'anyfunc', initial: 8 });
  table.set(
    SLOTS.stackSave,
    wrap(() => STACK_POINTER, { parameters: [], results: [I32] }),
  );
  table.set(
    SLOTS.stackRestore,
    wrap((pointer) => calls.push(`restore ${pointer}`), { parameters: [I32], results: [] }),
  );
  table.set(
    SLOTS.setThrew,
    wrap((threw, value) => calls.push(`threw ${threw} ${value}`), { parameters: [I32, I32], results: [] }),
  );
  table.set(CALLEE, wrap(callee, type));
  const thrown = new wasm.Global({ value: 'i32', mutable: true }, 0);
  const bytes = trampolineModule(
    [{ name: 'invoke_x', type: { parameters: [I32, ...declared.parameters], results: declared.results } }],
    SLOTS,
  );
  const loose = (slot: Numeric, ...args: Numeric[]): unknown => {
    calls.push('loose');
    return table.get(Number(slot))(...args);
  };
  const instance = new wasm.Instance(new wasm.Module(bytes), { env: { table, thrown, loose } });
  const call = instance.exports['invoke_x'];
  if (call === undefined) throw new Error('no trampoline');
  return { call, thrown, calls };
}

describe('a trampoline', () => {
  test('calls through the table and hands arguments and result on', () => {
    const { call, calls } = setup(
      { parameters: [I32, I64, F64], results: [I64] },
      (a, b, c) => BigInt(a) + BigInt(b) + BigInt(Math.round(Number(c))),
    );
    expect(call(CALLEE, 1, 20n, 300.2)).toBe(321n);
    expect(calls).toEqual([]);
  });

  test.each([
    ['nothing', [], undefined],
    ['an i32', [I32], 0],
    ['an i64', [I64], 0n],
    ['an f64', [F64], 0],
  ])('turns a C++ exception into the flag, where the result is %s', (_, results, zero) => {
    const { call, thrown, calls } = setup({ parameters: [I32], results }, () => {
      thrown.value = 1;
      // Emscripten throws the address of the exception.
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw 1234;
    });
    expect(call(CALLEE, 7)).toBe(zero);
    expect(calls).toEqual([`restore ${STACK_POINTER}`, 'threw 1 0']);
    expect(thrown.value).toBe(0);
  });

  test('calls a function that is declared with a parameter too many, as JavaScript does', () => {
    const { call, calls } = setup({ parameters: [I32], results: [I32] }, (a) => Number(a) + 1, {
      parameters: [I32, I32],
      results: [I32],
    });
    expect(call(CALLEE, 41, 7)).toBe(42);
    expect(calls).toEqual(['loose']);
  });

  test('an exception of such a function sets the flag, too', () => {
    const { call, thrown, calls } = setup(
      { parameters: [], results: [] },
      () => {
        thrown.value = 1;
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw 1234;
      },
      { parameters: [I64], results: [I32] },
    );
    expect(call(CALLEE, 1n)).toBe(0);
    expect(calls).toEqual(['loose', `restore ${STACK_POINTER}`, 'threw 1 0']);
  });

  test('lets everything else through', () => {
    const failure = new Error('the pthread ends');
    const { call, calls } = setup({ parameters: [], results: [] }, () => {
      throw failure;
    });
    expect(() => call(CALLEE)).toThrow(failure);
    expect(calls).toEqual([]);
  });
});
