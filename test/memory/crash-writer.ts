/**
 * Run by crash.test.ts as a process to be killed: `crash-writer.ts DIRECTORY FIRST COUNT [tear]`. Inserts numbered
 * statements one by one and writes a line for each that insert() returned for. With `tear`, the last journal write
 * stops half way, the line `torn` is written, and the process waits to be killed.
 */
import { writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { openBank, type JournalFile } from '../../core/memory/index.ts';
import { numbered, prove } from './proofs.ts';

const [directory = '', first = '0', count = '0', mode = ''] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
let tearing = false;

async function openFile(path: string, flags: string): Promise<JournalFile> {
  const file = await open(path, flags);
  const write = async (bytes: Buffer, offset: number, length: number, position: number) => {
    if (!tearing) return file.write(bytes, offset, length, position);
    await file.write(bytes, offset, Math.floor(length / 2), position);
    say('torn');
    return new Promise<never>(() => setInterval(() => undefined, 1000));
  };
  return {
    write: write as unknown as JournalFile['write'],
    datasync: () => file.datasync(),
    truncate: (length) => file.truncate(length),
    close: () => file.close(),
  };
}

say('started');
const bank = await openBank({ directory, openFile, upkeepEveryCommits: 3 });
say('opened');
for (let n = Number(first); n < Number(first) + Number(count); n += 1) {
  const { proof, signed } = prove(numbered(n));
  tearing = mode === 'tear' && n === Number(first) + Number(count) - 1;
  await bank.insert(proof, signed);
  say(signed.id);
}
await bank.close();
say('closed');
