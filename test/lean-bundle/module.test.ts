import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signedLeb, unsignedLeb, WasmReader } from '../../lean-bundle/wasm/binary.ts';
import { LeanBundleError } from '../../lean-bundle/wasm/errors.ts';
import { cutGlue } from '../../lean-bundle/wasm/glue.ts';
import { rewriteModule } from '../../lean-bundle/wasm/module.ts';
import { encodeSymbols, SYMBOL_LOOKUP_SOURCE } from '../../lean-bundle/wasm/symbols.ts';

type Lookup = (heap: Uint8Array, pointer: number) => number | undefined;

describe('LEB128', () => {
  test('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.integer(), (unsigned, signed) => {
        expect(new WasmReader(unsignedLeb(unsigned)).unsigned()).toBe(unsigned);
        expect(new WasmReader(signedLeb(signed)).signed()).toBe(signed);
      }),
    );
  });
});

describe('the symbol table', () => {
  test('finds every name it holds, and no other', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-zA-Z_][a-zA-Z_0-9]{0,40}$/), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(names, fc.stringMatching(/^[a-z]{1,10}$/), (all, other) => {
        const symbols = new Map(all.map((name, i) => [name, i * 7 - 3]));
        const look = lookUp(encodeSymbols(symbols));
        for (const [name, value] of symbols) expect(look(name)).toBe(value);
        expect(look(other)).toBe(symbols.get(other));
      }),
    );
  });

  /** Runs the look-up as the glue does, over a file that is not there. */
  function lookUp(table: Buffer): (name: string) => number | undefined {
    // The source is a script's, as the glue is.
    const script = new vm.Script(
      `(function (require, __dirname) { ${SYMBOL_LOOKUP_SOURCE}; return leanSymbol; })`,
    );
    const make = script.runInThisContext() as (require: () => object, directory: string) => Lookup;
    const leanSymbol = make(() => ({ readFileSync: () => table }), '');
    return (name) => leanSymbol(Buffer.from(`..${name}\0..`), 2);
  }
});

describe('unknown input', () => {
  test('is refused with the stage that did not know it', () => {
    expect(() => rewriteModule(Buffer.from('not wasm at all'), new Set())).toThrow(LeanBundleError);
    expect(() => rewriteModule(Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), new Set())).toThrow(
      /no section/,
    );
    expect(() => cutGlue('var Module = {};')).toThrow(/assignWasmExports/);
  });
});
