import { prepareLean } from '../../lean-bundle/wasm/prepare.ts';
import { TEST_CACHE } from './paths.ts';

/** Prepares the embedded Lean once, before any test file runs. */
export default async function setup(): Promise<void> {
  await prepareLean({ cacheRoot: TEST_CACHE });
}
