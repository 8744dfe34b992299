/** Says whether V8 takes the kept machine code of a prepared directory, in a process that is started as Lean's are. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadKept } from '../../lean-bundle/wasm/machine-code.ts';

const directory = process.argv[2] ?? '';
const module = loadKept(directory, readFileSync(path.join(directory, 'lean.wasm')));
process.send?.({ kept: module !== undefined });
