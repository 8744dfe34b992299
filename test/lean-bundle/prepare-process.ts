/** Prepares the embedded Lean into a directory, as a process of its own. */
import { prepareLean } from '../../lean-bundle/wasm/prepare.ts';

await prepareLean({ cacheRoot: process.argv[2] ?? '' });
process.disconnect();
