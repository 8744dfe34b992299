import { section, signedLeb, unsignedLeb } from './binary.ts';

/** A WebAssembly function type: value types as the binary format writes them. */
export interface FunctionType {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

/** An `invoke_…` import of the module: its first parameter is the table slot of the function to call. */
export interface Invoke {
  readonly name: string;
  readonly type: FunctionType;
}

/** Table slots of the module's own functions that a trampoline calls. */
export interface TrampolineSlots {
  readonly stackSave: number;
  readonly stackRestore: number;
  readonly setThrew: number;
}

const I32 = 0x7f;
const FUNCREF = 0x70;
const KIND = { func: 0, table: 1, global: 3 } as const;
const EMPTY = 0x40;
/** Opcodes; `try` and `catch_all` are those of the first exception-handling proposal, which every V8 of Node 20 to 26 runs. */
const OP = {
  try: 0x06,
  rethrow: 0x09,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  call: 0x10,
  callIndirect: 0x11,
  catchAll: 0x19,
  localGet: 0x20,
  localSet: 0x21,
  globalGet: 0x23,
  globalSet: 0x24,
  tableGet: 0x25,
  i32Const: 0x41,
  i32Eqz: 0x45,
} as const;
/** `ref.test` for a type that is not null, of the garbage-collection proposal. */
const REF_TEST = [0xfb, 0x14] as const;
/** Value type → the instruction that makes its zero. */
const ZERO = new Map<number, readonly number[]>([
  [I32, [0x41, 0]],
  [0x7e, [0x42, 0]],
  [0x7d, [0x43, 0, 0, 0, 0]],
  [0x7c, [0x44, 0, 0, 0, 0, 0, 0, 0, 0]],
]);

/**
 * A small module with the `invoke_…` functions that Lean's module imports. Lean is C++ compiled without WebAssembly
 * exceptions: wherever a destructor may have to run, a call goes out to JavaScript and in again, a seventh of all time
 * measured. These do the same without leaving WebAssembly: call, and where a C++ exception (which JavaScript throws as a
 * number, setting `thrown`) comes back, restore the stack and set the flag that the caller looks at. All else is rethrown.
 *
 * Some of Lean's C++ declares functions that were compiled from Lean with one parameter more than they have (its `main`
 * among them). JavaScript calls them all the same, where `call_indirect` traps: what has another type is left to it.
 */
export function trampolineModule(invokes: readonly Invoke[], slots: TrampolineSlots): Buffer {
  const types: FunctionType[] = [];
  const typeIndex = (type: FunctionType): number => {
    const found = types.findIndex((t) => sameType(t, type));
    return found >= 0 ? found : types.push(type) - 1;
  };
  const stackSave = typeIndex({ parameters: [], results: [I32] });
  const stackRestore = typeIndex({ parameters: [I32], results: [] });
  const setThrew = typeIndex({ parameters: [I32, I32], results: [] });
  const loose = new Map<number, number>();
  for (const { type } of invokes) {
    const index = typeIndex(type);
    if (!loose.has(index)) loose.set(index, loose.size);
  }
  const bodies = invokes.map(({ type }) => {
    const { parameters, results } = type;
    const callee = typeIndex({ parameters: parameters.slice(1), results });
    const stack = parameters.length;
    const zero = results[0] === undefined ? [] : (ZERO.get(results[0]) ?? []);
    const forwarded = parameters.slice(1).flatMap((_, i) => [OP.localGet, ...unsignedLeb(i + 1)]);
    const code = [
      ...[1, 1, I32],
      ...[...callSlot(slots.stackSave, stackSave), OP.localSet, ...unsignedLeb(stack)],
      ...[OP.try, results[0] ?? EMPTY],
      ...[OP.localGet, 0, OP.tableGet, 0, ...REF_TEST, ...signedLeb(callee), OP.if, results[0] ?? EMPTY],
      ...[...forwarded, OP.localGet, 0, OP.callIndirect, ...unsignedLeb(callee), 0],
      ...[
        OP.else,
        OP.localGet,
        0,
        ...forwarded,
        OP.call,
        ...unsignedLeb(loose.get(typeIndex(type)) ?? 0),
        OP.end,
      ],
      ...[OP.catchAll, OP.globalGet, 0, OP.i32Eqz, OP.if, EMPTY, OP.rethrow, 1, OP.end],
      ...[OP.i32Const, 0, OP.globalSet, 0],
      ...[OP.localGet, ...unsignedLeb(stack), ...callSlot(slots.stackRestore, stackRestore)],
      ...[OP.i32Const, 1, OP.i32Const, 0, ...callSlot(slots.setThrew, setThrew)],
      ...[...zero, OP.end, OP.end],
    ];
    return Buffer.concat([unsignedLeb(code.length), Buffer.from(code)]);
  });
  const functionTypes = invokes.map(({ type }) => unsignedLeb(typeIndex(type)));
  const imports = [
    Buffer.concat([text('env'), text('table'), Buffer.from([KIND.table, FUNCREF, 0, 0])]),
    Buffer.concat([text('env'), text('thrown'), Buffer.from([KIND.global, I32, 1])]),
    ...[...loose.keys()].map((type) =>
      Buffer.concat([text('env'), text('loose'), Buffer.from([KIND.func]), unsignedLeb(type)]),
    ),
  ];
  const exported = invokes.map(({ name }, i) =>
    Buffer.concat([text(name), Buffer.from([KIND.func]), unsignedLeb(loose.size + i)]),
  );
  return Buffer.concat([
    Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    section(1, ...vector(types.map(encodeType))),
    section(2, ...vector(imports)),
    section(3, ...vector(functionTypes)),
    section(7, ...vector(exported)),
    section(10, ...vector(bodies)),
  ]);
}

function callSlot(slot: number, type: number): number[] {
  return [OP.i32Const, ...signedLeb(slot), OP.callIndirect, ...unsignedLeb(type), 0];
}

function sameType(a: FunctionType, b: FunctionType): boolean {
  return (
    a.parameters.length === b.parameters.length &&
    a.results.length === b.results.length &&
    a.parameters.every((type, i) => type === b.parameters[i]) &&
    a.results.every((type, i) => type === b.results[i])
  );
}

function encodeType({ parameters, results }: FunctionType): Buffer {
  return Buffer.concat([
    Buffer.from([0x60]),
    unsignedLeb(parameters.length),
    Buffer.from(parameters),
    unsignedLeb(results.length),
    Buffer.from(results),
  ]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([unsignedLeb(bytes.length), bytes]);
}

function vector(items: readonly Buffer[]): Buffer[] {
  return [unsignedLeb(items.length), ...items];
}

/**
 * JavaScript for the glue: a function that gives an import object a table of so many slots and the trampolines. Source
 * text because the glue is a script that the pthread workers load by file name; each thread has its own.
 */
export function trampolineSource(tableSlots: number): string {
  return `
var leanThrown = new WebAssembly.Global({ value: "i32", mutable: true }, 0);
var leanTrampolines = (imports) => {
  var table = (imports.__indirect_function_table = new WebAssembly.Table({ element: "anyfunc", initial: ${tableSlots} }));
  var module = new WebAssembly.Module(require("fs").readFileSync(__dirname + "/trampolines.wasm"));
  var loose = (slot, ...args) => table.get(slot)(...args);
  Object.assign(imports, new WebAssembly.Instance(module, { env: { table, thrown: leanThrown, loose } }).exports);
};
`;
}
