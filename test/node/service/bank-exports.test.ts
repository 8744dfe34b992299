import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { apiEventSchema, type BankExport } from '../../../core/api/index.ts';
import { BankExports } from '../../../core/node/service/bank-exports.ts';
import { numbered, prove } from '../../memory/proofs.ts';
import { temporaryDirectory } from '../../support/release-server.ts';

const live = new AbortController().signal;

async function* none(): AsyncGenerator<never> {}

/** @param slow waited for before each batch */
async function scene(slow: () => Promise<void> = () => Promise.resolve()) {
  const directory = await temporaryDirectory();
  const proofs = Array.from({ length: 450 }, (_, n) => prove(numbered(n)));
  const reports: BankExport[] = [];
  const exports = new BankExports({
    bank: {
      keys: () => Promise.resolve(proofs.map(({ signed }) => ({ id: signed.id, createdAt: 1 }))),
      proven: async (ids) => {
        await slow();
        return proofs
          .filter(({ signed }) => ids.includes(signed.id))
          .map(({ signed, proof }) => ({ signed, statement: proof.statement }));
      },
    },
    shelf: { all: none, size: 0 },
    emit: (event) => {
      const parsed = apiEventSchema.parse(event);
      if (parsed.type === 'bank:export-progress') reports.push(parsed.report);
    },
  });
  return { exports, reports, directory, target: path.join(directory, 'bank.jsonl') };
}

test('an export tells how far it is, and when the file is there whole', async () => {
  const { exports, reports, target } = await scene();
  expect(await exports.write(target, live)).toMatchObject({ proofs: 450, claimed: 0, path: target });
  expect(reports[0]).toMatchObject({ state: 'writing', records: 200, total: 450 });
  expect(reports.at(-1)).toMatchObject({ state: 'done', records: 450, total: 450, path: target });
  expect((await readFile(target, 'utf8')).trim().split('\n')).toHaveLength(450);
  await expect(exports.write(target, live)).rejects.toThrow(target);
  expect(reports.at(-1)).toMatchObject({ state: 'failed' });
});

test('one that is stopped leaves nothing behind, and says that it was', async () => {
  const gate = Promise.withResolvers<undefined>();
  const begun = Promise.withResolvers<undefined>();
  let batches = 0;
  const { exports, reports, directory, target } = await scene(async () => {
    // The first batch is told of; the second waits for the test.
    if (++batches < 2) return;
    begun.resolve(undefined);
    await gate.promise;
  });
  const written = exports.write(target, live);
  written.catch(() => undefined);
  await begun.promise;
  exports.cancel(reports[0]?.id ?? '');
  gate.resolve(undefined);
  await expect(written).rejects.toMatchObject({ name: 'ApiError', code: 'cancelled' });
  expect(reports.at(-1)).toMatchObject({ state: 'cancelled' });
  expect(await readdir(directory)).toEqual([]);
  expect(() => exports.cancel(reports[0]?.id ?? '')).toThrow('no such export');
});
