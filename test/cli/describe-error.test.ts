import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeError } from '../../core/cli/describe-error.ts';
import { DamagedIdentityError } from '../../core/node/index.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

test('an error of ours speaks for itself', () => {
  const error = new DamagedIdentityError('/data/identity.key');
  expect(describeError(error)).toBe(error.message);
});

test('what the system says is put into words', async () => {
  const error: unknown = await readFile('/no/such/file').catch((caught: unknown) => caught);
  expect(describeError(error)).toBe('/no/such/file: there is no such file or directory');
});

test.each([
  new TypeError('x is undefined'),
  new SyntaxError('Unexpected token'),
  new Error('plain'),
  thrownBy(() => z.string().parse(1)),
])('a fault of the program is called one, with where it came about: %o', (fault) => {
  expect(describeError(fault)).toMatch(/^internal fault, please report it:\n\w*Error/);
  expect(describeError(fault)).toContain('describe-error.test.ts');
});

test('so is what is no error', () => {
  expect(describeError('odd')).toBe('internal fault, please report it: odd');
});
