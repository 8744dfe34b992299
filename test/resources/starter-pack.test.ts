import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { shippedCuratorsSchema } from '../../core/network/board/index.ts';
import { EMBEDDED_ENVIRONMENT, installation } from '../../core/node/index.ts';
import { decodePack } from '../../core/record/index.ts';
import { collectStatements } from '../support/collect-statements.ts';
import { PROJECT } from '../support/paths.ts';

const directory = path.join(PROJECT, 'resources/statements');

test('the shipped pack holds the shipped statements, signed by a shipped key', async () => {
  const pack = decodePack(new Uint8Array(readFileSync(path.join(directory, 'starter.pack'))));
  const curators = shippedCuratorsSchema.parse(
    JSON.parse(readFileSync(path.join(directory, 'curators.json'), 'utf8')),
  );
  expect(curators.map(({ key }) => key)).toContain(pack.record.curator);
  const { statements } = await collectStatements(installation.starterPack, {
    environment: EMBEDDED_ENVIRONMENT,
  });
  // Where this fails, sign again: resources/statements/README.md says how.
  expect(pack.record.entries.map(({ statement }) => statement)).toEqual(
    statements.map(({ id }) => id).toSorted(),
  );
});
