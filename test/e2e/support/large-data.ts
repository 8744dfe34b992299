import { appendFile, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { symbolEmbedder } from '../../../core/memory/index.ts';
import { prepareDirectory } from '../../../core/memory/directory.ts';
import { Journal } from '../../../core/memory/journal.ts';
import { proofRow, statementRows, toEntry } from '../../../core/memory/rows.ts';
import { Tables } from '../../../core/memory/tables.ts';
import { Upkeep } from '../../../core/memory/upkeep.ts';
import { variant, variants } from '../../memory/variants.ts';

const BATCH = 5000;
const TABLES = 3;
const emit = (): void => undefined;

/**
 * Puts rows into a bank as its own commits do, but without looking whether they are there already, which takes longer the more
 * there are; then compacts and indexes it as a node does in time. A millisecond a row.
 */
export async function fillBank(directory: string, rows: number): Promise<void> {
  await prepareDirectory(directory);
  const embedder = symbolEmbedder();
  const tables = await Tables.open(
    { emit },
    { directory: path.join(directory, 'tables'), dimensions: embedder.dimensions },
  );
  const journal = await Journal.open(
    { openFile: open, emit },
    { directory: path.join(directory, 'journal') },
  );
  for (let at = 0; at < rows; at += BATCH) {
    const proven = variants(at, Math.min(BATCH, rows - at)).map(({ proof, signed }) => ({
      statement: proof.statement,
      signed,
    }));
    await journal.append(proven.map(toEntry));
    const statements = proven.map(({ statement }) => statement);
    await tables.append(tables.statements, await statementRows(statements, embedder));
    await tables.append(tables.proofs, proven.map(proofRow));
  }
  await tend(tables);
  tables.close();
  await journal.close();
}

async function tend(tables: Tables): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let done = 0;
  const upkeep = new Upkeep(
    {
      tables,
      emit: (event) => {
        if (event.type === 'upkeep-failed') reject(new Error(event.cause));
        if (event.type === 'optimized' && ++done === TABLES) resolve(undefined);
      },
    },
    { commits: 0, everyCommits: 1, everyRows: 1, vectorIndexRows: 1, keepVersionsMs: 0 },
  );
  upkeep.noteCommit(1);
  await promise;
  await upkeep.stop();
}

/** Statements of a board, a file that is read at the start. */
export async function fillBoard(directory: string, from: number, rows: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (let at = from; at < from + rows; at += BATCH) {
    const lines = Array.from({ length: BATCH }, (_, index) => {
      const n = at + index;
      const about = {
        informal: `Statement number ${n}, in words that nobody else uses.`,
        topic: `topic ${n % 12}`,
      };
      const statement = { ...variant(n, about), id: undefined };
      return `${JSON.stringify({ statement, importedAt: 1_700_000_000_000 + n })}\n`;
    });
    await appendFile(path.join(directory, 'statements.jsonl'), lines.join(''));
  }
}
