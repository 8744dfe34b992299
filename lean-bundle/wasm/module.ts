import { section, signedLeb, unsignedLeb, WasmReader } from './binary.ts';
import { LeanBundleError } from './errors.ts';
import type { FunctionType, Invoke } from './trampolines.ts';

/** Section ids of the WebAssembly binary format. */
const SECTION = { type: 1, import: 2, table: 4, global: 6, export: 7, element: 9 } as const;
/** Kinds of imports and exports. */
const KIND = { func: 0, table: 1, memory: 2, global: 3 } as const;
const FUNCREF = 0x70;
const FUNCTION_TYPE = 0x60;

interface Section {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

interface Export {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
}

export interface RewrittenModule {
  readonly module: Buffer;
  /** Symbol name → table slot of a function, or address of a datum: what `dlsym` answers. */
  readonly symbols: ReadonlyMap<string, number>;
  /** Slots that the function table, which is imported as `env.__indirect_function_table`, must have at least. */
  readonly tableSlots: number;
  /** The `invoke_…` functions that it imports. */
  readonly invokes: readonly Invoke[];
}

/**
 * Rewrites Lean's module so that only `keep` (and what the module's own GOT imports name) is exported by name. The
 * package exports some 200,000 names, which older V8 refuses and which every isolate would give a table slot of its
 * own; here each function has its slot in the module's table, once, and is found through `symbols`. The table becomes an
 * import, so that the trampolines can share it.
 * @throws LeanBundleError where the module is not built as expected
 */
export function rewriteModule(bytes: Buffer, keep: ReadonlySet<string>): RewrittenModule {
  const sections = readSections(bytes);
  const reader = (id: number): WasmReader => {
    const found = sections.find((s) => s.id === id);
    if (found === undefined) throw new LeanBundleError('module', `the module has no section ${id}`);
    return new WasmReader(bytes, found.start);
  };
  const imports = readImports(reader(SECTION.import), readTypes(reader(SECTION.type)));
  const tableSize = readTableSize(reader(SECTION.table));
  const globals = readGlobals(reader(SECTION.global));
  const exported = readExports(reader(SECTION.export));
  const elements = readElements(reader(SECTION.element));

  const slots = new Map<number, number>();
  elements.functions.forEach((index, i) => {
    if (!slots.has(index)) slots.set(index, elements.base + i);
  });
  const added: number[] = [];
  const symbols = new Map<string, number>();
  for (const { name, kind, index } of exported) {
    if (kind === KIND.func) {
      let slot = slots.get(index);
      if (slot === undefined) {
        slot = tableSize + added.length;
        slots.set(index, slot);
        added.push(index);
      }
      symbols.set(name, slot);
    } else if (kind === KIND.global) {
      const address = globals[index - imports.globals];
      if (address !== undefined) symbols.set(name, address);
    }
  }

  const names = new Set([...keep, ...imports.gotNames]);
  const kept = exported.filter((e) => names.has(e.name));
  const out: Buffer[] = [bytes.subarray(0, 8)];
  for (const { id, start, end } of sections) {
    if (id === SECTION.import) {
      const { count, body } = imports;
      out.push(section(id, unsignedLeb(count + 1), body, encodeTableImport(tableSize + added.length)));
    } else if (id === SECTION.table) {
      continue;
    } else if (id === SECTION.export) {
      out.push(section(id, unsignedLeb(kept.length), ...kept.map(encodeExport)));
    } else if (id === SECTION.element) {
      out.push(
        section(
          id,
          Buffer.from([2, 0]),
          elements.offset,
          encodeIndices(elements.functions),
          Buffer.concat([Buffer.from([0, 0x41]), signedLeb(tableSize), Buffer.from([0x0b])]),
          encodeIndices(added),
        ),
      );
    } else {
      out.push(section(id, bytes.subarray(start, end)));
    }
  }
  return {
    module: Buffer.concat(out),
    symbols,
    tableSlots: tableSize + added.length,
    invokes: imports.invokes,
  };
}

function readSections(bytes: Buffer): Section[] {
  if (bytes.length < 8 || bytes.readUInt32LE(0) !== 0x6d736100) {
    throw new LeanBundleError('module', 'not a WebAssembly module');
  }
  const sections: Section[] = [];
  const reader = new WasmReader(bytes, 8);
  while (!reader.done) {
    const id = reader.byte();
    const size = reader.unsigned();
    sections.push({ id, start: reader.position, end: reader.position + size });
    reader.position += size;
  }
  return sections;
}

interface Imports {
  readonly count: number;
  /** The entries as they stand. */
  readonly body: Buffer;
  readonly globals: number;
  readonly gotNames: readonly string[];
  readonly invokes: readonly Invoke[];
}

function readImports(reader: WasmReader, types: readonly FunctionType[]): Imports {
  let globals = 0;
  const gotNames: string[] = [];
  const invokes: Invoke[] = [];
  const count = reader.unsigned();
  const start = reader.position;
  for (let n = count; n > 0; n--) {
    const module = reader.text();
    const name = reader.text();
    const kind = reader.byte();
    if (kind === KIND.func) {
      const type = types[reader.unsigned()];
      if (module === 'env' && name.startsWith('invoke_') && type !== undefined) invokes.push({ name, type });
    } else if (kind === KIND.memory) reader.limits();
    else if (kind === KIND.global) {
      reader.position += 2;
      globals++;
    } else throw new LeanBundleError('module', `unexpected import kind ${kind}`);
    if (module.startsWith('GOT')) gotNames.push(name);
  }
  return { count, body: reader.bytes.subarray(start, reader.position), globals, gotNames, invokes };
}

function readTypes(reader: WasmReader): FunctionType[] {
  const valueTypes = (): number[] => Array.from({ length: reader.unsigned() }, () => reader.byte());
  return Array.from({ length: reader.unsigned() }, () => {
    if (reader.byte() !== FUNCTION_TYPE)
      throw new LeanBundleError('module', 'expected plain function types only');
    return { parameters: valueTypes(), results: valueTypes() };
  });
}

function encodeTableImport(slots: number): Buffer {
  const text = (value: string): Buffer => Buffer.concat([unsignedLeb(value.length), Buffer.from(value)]);
  return Buffer.concat([
    text('env'),
    text('__indirect_function_table'),
    Buffer.from([KIND.table, FUNCREF, 0]),
    unsignedLeb(slots),
  ]);
}

function readTableSize(reader: WasmReader): number {
  const tables = reader.unsigned();
  const type = reader.byte();
  const { minimum, maximum } = reader.limits();
  if (tables !== 1 || type !== FUNCREF || maximum !== undefined) {
    throw new LeanBundleError('module', 'expected one function table that may grow');
  }
  return minimum;
}

/** The initial values of the module's own globals; undefined for those that are no 32-bit constants. */
function readGlobals(reader: WasmReader): (number | undefined)[] {
  const globals: (number | undefined)[] = [];
  for (let n = reader.unsigned(); n > 0; n--) {
    reader.position += 2;
    const opcode = reader.byte();
    let value: number | undefined;
    if (opcode === 0x41) value = reader.signed();
    else if (opcode === 0x42) reader.signed();
    else if (opcode === 0x43) reader.position += 4;
    else if (opcode === 0x44) reader.position += 8;
    else reader.unsigned();
    reader.position++;
    globals.push(value);
  }
  return globals;
}

function readExports(reader: WasmReader): Export[] {
  return Array.from({ length: reader.unsigned() }, () => ({
    name: reader.text(),
    kind: reader.byte(),
    index: reader.unsigned(),
  }));
}

/** The one active segment that fills the function table. */
function readElements(reader: WasmReader): { base: number; offset: Buffer; functions: number[] } {
  if (reader.unsigned() !== 1 || reader.unsigned() !== 0) {
    throw new LeanBundleError('module', 'expected one active element segment');
  }
  const start = reader.position;
  reader.byte();
  const base = reader.signed();
  reader.byte();
  const offset = reader.bytes.subarray(start, reader.position);
  return { base, offset, functions: Array.from({ length: reader.unsigned() }, () => reader.unsigned()) };
}

function encodeExport({ name, kind, index }: Export): Buffer {
  const text = Buffer.from(name);
  return Buffer.concat([unsignedLeb(text.length), text, Buffer.from([kind]), unsignedLeb(index)]);
}

function encodeIndices(indices: readonly number[]): Buffer {
  return Buffer.concat([unsignedLeb(indices.length), ...indices.map(unsignedLeb)]);
}
