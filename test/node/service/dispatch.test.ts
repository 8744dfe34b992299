import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { UnwritableBankFileError } from '../../../core/node/bank-file/errors.ts';
import { toApiError } from '../../../core/node/service/index.ts';

test('what the system says is told a face in words', async () => {
  const error: unknown = await readFile('/no/such/file').catch((caught: unknown) => caught);
  expect(toApiError(error)).toMatchObject({
    code: 'failed',
    message: '/no/such/file: there is no such file or directory',
  });
});

test('so is why a file of the bank cannot be written', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(toApiError(new UnwritableBankFileError('/media/bank.jsonl', full))).toMatchObject({
    code: 'failed',
    message: '/media/bank.jsonl: cannot be written: the disk is full',
  });
});
