/**
 * The module's machine code, kept from one process to the next. V8 compiles a function of WebAssembly when it is first called, and
 * once more, far better, when it was called often; in a process of Lean's that second compilation takes more processor time
 * than Lean itself for its first hundred checks. Node has no way to keep the result, V8 has: two functions that its own tests
 * use, and that are there in every build. Where they are missing, or V8 refuses what was kept (another V8, other flags, another
 * processor), the module is compiled as it would be without all this.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import v8 from 'node:v8';
import { crc32 } from 'node:zlib';

/** Counts up when what is kept, or the flags that it is kept for, change. */
const GENERATION = 1;
/** Magic number, length and CRC-32 of what follows. */
const HEADER_BYTES = 12;
const MAGIC = 0x50_53_4d_43;

/**
 * Functions are validated when they are first compiled, as the file is a pinned one, made by this program; and a function is
 * compiled anew after eight times the calls that V8 would wait for: what is used more often is in the kept code already.
 */
const FLAGS = ['--wasm-lazy-validation', '--wasm-tiering-budget=100000000'];
/** To learn in seconds which functions are worth it. */
const TRAINING_FLAGS = ['--wasm-lazy-validation', '--wasm-tiering-budget=1000000'];

/** The file that holds the machine code for this V8 on this processor, below a prepared directory. */
export function machineCodeFile(directory: string): string {
  const machine = [GENERATION, process.versions.v8, process.platform, process.arch, os.cpus()[0]?.model];
  const digest = createHash('sha256').update(machine.join(' ')).digest('hex');
  return path.join(directory, `machine-code-${digest.slice(0, 16)}.bin`);
}

/** What the file holds: the code, or nothing where this V8 has no way to keep it. */
export function encodeMachineCode(code: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(code.length, 4);
  header.writeUInt32LE(crc32(code), 8);
  return Buffer.concat([header, code]);
}

/** The code in a file; undefined where there is none or it was damaged. */
export function readMachineCode(file: string): ArrayBuffer | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    readSync(descriptor, header, 0, HEADER_BYTES, 0);
    const length = header.readUInt32LE(4);
    if (header.readUInt32LE(0) !== MAGIC || length === 0 || length > 1e9) return undefined;
    const code = new Uint8Array(length);
    if (readSync(descriptor, code, 0, length, HEADER_BYTES) !== length) return undefined;
    return crc32(code) === header.readUInt32LE(8) ? code.buffer : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** Lean's module, with its kept machine code where there is some. */
export async function loadModule(directory: string): Promise<WebAssembly.Module> {
  const bytes = readFileSync(path.join(directory, 'lean.wasm'));
  return loadKept(directory, bytes) ?? (await WebAssembly.compile(bytes));
}

/** The module with its kept machine code; undefined where there is none that this V8 takes. */
export function loadKept(directory: string, bytes: Uint8Array): WebAssembly.Module | undefined {
  setFlags(FLAGS);
  const code = readMachineCode(machineCodeFile(directory));
  return code && (callNative('DeserializeWasmModule', code, bytes) as WebAssembly.Module | undefined);
}

/** Lean's module for a process that trains: V8 compiles well what is called some times, so that it is among what is kept. */
export async function loadModuleForTraining(directory: string): Promise<WebAssembly.Module> {
  setFlags(TRAINING_FLAGS);
  return WebAssembly.compile(readFileSync(path.join(directory, 'lean.wasm')));
}

function setFlags(flags: readonly string[]): void {
  for (const flag of flags) v8.setFlagsFromString(flag);
}

/** The module's well compiled functions; undefined where this V8 cannot tell them. */
export function machineCodeOf(module: WebAssembly.Module): Uint8Array<ArrayBuffer> | undefined {
  // What is kept is good for the flags that it was taken under.
  setFlags(FLAGS);
  // Functions that were compiled quickly would be compiled at once wherever the code is loaded, used or not.
  callNative('FlushLiftoffCode');
  const code = callNative('SerializeWasmModule', module);
  return code instanceof ArrayBuffer && code.byteLength > 0 ? new Uint8Array(code) : undefined;
}

/** Calls one of V8's own functions; undefined where it has none of that name. */
function callNative(name: string, ...args: unknown[]): unknown {
  const parameters = args.map((_, index) => `a${index}`);
  v8.setFlagsFromString('--allow-natives-syntax');
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- their syntax is none of JavaScript's, so it has to be a text
    const native = new Function(...parameters, `return %${name}(${parameters.join(', ')})`);
    return (native as (...values: unknown[]) => unknown)(...args);
  } catch {
    return undefined;
  } finally {
    v8.setFlagsFromString('--no-allow-natives-syntax');
  }
}
