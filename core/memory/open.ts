import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LanceBank } from './bank.ts';
import { prepareDirectory } from './directory.ts';
import { symbolEmbedder } from './embedder.ts';
import { Journal } from './journal.ts';
import { reconcile, reembed } from './recovery.ts';
import { Tables } from './tables.ts';
import type { Bank, OpenBankOptions } from './types.ts';
import { Upkeep } from './upkeep.ts';
import { staleVersions } from './versions.ts';

/** As `openBank`, which loads this module. */
export async function openLanceBank(options: OpenBankOptions): Promise<Bank> {
  const directory = resolve(options.directory);
  const { embedder = symbolEmbedder(), onEvent: emit = () => undefined, openFile = open } = options;
  const { keepVersionsMs = 10 * 60_000 } = options;
  await prepareDirectory(directory);
  const journal = await Journal.open({ openFile, emit }, { directory: join(directory, 'journal') });
  let tables: Tables | undefined;
  let commits = 0;
  try {
    tables = await Tables.open(
      { emit },
      { directory: join(directory, 'tables'), dimensions: embedder.dimensions },
    );
    await reembed({ journal, tables, embedder, emit });
    await reconcile({ journal, tables, embedder, emit });
    const versions = tables.definitions.map(({ name }) => staleVersions(directory, name, keepVersionsMs));
    commits = Math.max(...(await Promise.all(versions)));
  } catch (error) {
    tables?.close();
    await journal.close();
    throw error;
  }
  const upkeep = new Upkeep(
    { tables, emit },
    {
      commits,
      everyCommits: options.upkeepEveryCommits ?? 64,
      everyRows: 2000,
      vectorIndexRows: options.vectorIndexRows ?? 50_000,
      keepVersionsMs,
    },
  );
  return new LanceBank({ journal, tables, embedder, upkeep, emit }, { directory });
}
