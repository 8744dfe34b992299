import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openBank } from '../../../core/memory/index.ts';
import { attemptFor, numbered, prove } from '../../memory/proofs.ts';

/** The same for every node of a test, so that they have nothing to tell each other. */
const NOW = Date.now();

/** Puts a little of everything into a data directory: statements, proofs, attempts. */
export async function fillNode(data: string): Promise<void> {
  await mkdir(path.join(data, 'statements'), { recursive: true });
  const statements = Array.from({ length: 30 }, (_, n) =>
    numbered(n, { topic: 'number theory', informal: INFORMAL }),
  );
  const lines = statements.map((statement, n) =>
    JSON.stringify({ statement: { ...statement, id: undefined }, importedAt: 1_700_000_000_000 + n }),
  );
  await writeFile(path.join(data, 'statements/statements.jsonl'), `${lines.join('\n')}\n`);
  await using bank = await openBank({ directory: path.join(data, 'bank') });
  for (const [n, statement] of statements.slice(0, 8).entries()) {
    const { proof, signed } = prove(statement, { by: 'by omega', createdAt: NOW - n * 3_600_000 });
    await bank.insert(proof, signed);
    await bank.recordAttempts([attemptFor(statement, n)]);
  }
}

const INFORMAL =
  'Whatever is added first, the sum is the same: addition of natural numbers is commutative, which is shown by induction.';
