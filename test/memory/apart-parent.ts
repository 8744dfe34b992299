/** Run by apart.test.ts as a process to be killed: `apart-parent.ts DIRECTORY`. Inserts a proof and writes the number of the bank's process. */
import { writeSync } from 'node:fs';
import { openBankApart } from '../../core/memory/index.ts';
import { forkWorker } from '../../core/process/index.ts';
import { numbered, prove } from './proofs.ts';

const [directory = ''] = process.argv.slice(2);
let pid: number | undefined;
const bank = await openBankApart({
  directory,
  start: (init) => {
    const child = forkWorker(init);
    pid = child.pid;
    return child;
  },
});
const { proof, signed } = prove(numbered(1));
await bank.insert(proof, signed);
writeSync(1, `${pid}\n`);
