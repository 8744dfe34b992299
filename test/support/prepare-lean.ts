import { prepareEmbeddedLean } from '../../core/node/embedded-lean.ts';
import { TEST_CACHE } from './paths.ts';

/** Prepares the embedded Lean once, before any test file runs. */
export default async function setup(): Promise<void> {
  await prepareEmbeddedLean({ locations: { cache: TEST_CACHE } });
}
