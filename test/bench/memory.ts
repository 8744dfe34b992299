/**
 * What the bank costs at several sizes. By hand: `npx node test/bench/memory.ts [rows…]`; 100, 1000 and 10000 unless
 * given. Times are milliseconds.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBank, type Bank } from '../../core/memory/index.ts';
import { variant, variants } from '../memory/variants.ts';

const SAMPLES = 40;

async function times(count: number, run: (i: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const start = performance.now();
    await run(i);
    taken.push(performance.now() - start);
  }
  return taken.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

async function measure(
  directory: string,
  bank: Bank,
  rows: number,
): Promise<Record<string, string | number>> {
  const fresh = variants(1_000_000 + rows, SAMPLES);
  const one = await times(SAMPLES, (i) => {
    const proven = fresh[i];
    return proven === undefined ? Promise.resolve() : bank.insert(proven.proof, proven.signed);
  });
  const retrieve = await times(SAMPLES, (i) => bank.retrieve(variant(2_000_000 + i), { k: 8 }));
  const search = await times(SAMPLES, (i) => bank.search(`lemma${i} ++ List.reverse`));
  await bank.close();
  const opening = performance.now();
  await using again = await openBank({ directory });
  const open = performance.now() - opening;
  const { bytes } = await again.stats();
  return {
    rows,
    'insert p50': at(one, 0.5).toFixed(1),
    'insert p95': at(one, 0.95).toFixed(1),
    'retrieve p50': at(retrieve, 0.5).toFixed(1),
    'retrieve p95': at(retrieve, 0.95).toFixed(1),
    'search p50': at(search, 0.5).toFixed(1),
    open: open.toFixed(0),
    'MB on disk': (bytes / 1e6).toFixed(1),
  };
}

const sizes = process.argv.slice(2).map(Number);
const table: Record<string, string | number>[] = [];
for (const rows of sizes.length > 0 ? sizes : [100, 1000, 10_000]) {
  const directory = await mkdtemp(join(tmpdir(), 'proofswarm-bench-'));
  try {
    const bank = await openBank({ directory });
    const proven = variants(0, rows);
    const start = performance.now();
    await Promise.all(proven.map(({ proof, signed }) => bank.insert(proof, signed)));
    const bulk = (performance.now() - start) / rows;
    table.push({ ...(await measure(directory, bank, rows)), 'bulk insert a row': bulk.toFixed(2) });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
console.table(table);
