import { execFile } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BankTablesUnavailableError } from '../../core/memory/index.ts';
import { toError, toFault } from '../../core/memory/apart/faults.ts';
import { systemFailure } from '../../core/memory/system-failure.ts';
import { toApiError } from '../../core/node/service/dispatch.ts';
import { attemptFor, openTestBank, temporaryDirectory } from './helpers.ts';
import { numbered } from './proofs.ts';

const REFUSED = join(import.meta.dirname, 'tables-refused.ts');
const HANDLES = 256;

describe.runIf(process.platform !== 'win32')('tables that the system keeps from being opened', () => {
  it.each([
    ['handles', /too many open files/i],
    ['rights', /permission denied/i],
  ])('for want of %s stay where they are, and are opened the next time', async (how, why) => {
    const parent = await temporaryDirectory();
    await chmod(parent, 0o755);
    const { bank, directory } = await openTestBank({ directory: join(parent, 'bank') });
    await bank.recordAttempts([0, 1, 2].map((round) => attemptFor(numbered(1), round)));
    await bank.close();
    const tables = join(directory, 'tables');
    const before = (await readdir(tables)).sort();
    const run = [process.execPath, REFUSED, tables, how];
    const limited = ['-c', `ulimit -n ${HANDLES}; exec "$@"`, 'sh', ...run];
    const { stdout } = await promisify(execFile)('sh', limited);
    expect(JSON.parse(stdout)).toEqual({
      error: { name: 'BankTablesUnavailableError', message: expect.stringMatching(why) as string },
      events: [],
      rows: 3,
      files: before,
    });
  });
});

describe('a failure of LanceDB', () => {
  it.each([
    [
      'LanceError(IO): Too many open files (os error 24) at path "/b/.tmp", /r/l.rs:9:3',
      'Too many open files',
    ],
    [
      'LanceError(IO): Generic LocalFileSystem error: Unable to open file /b: Permission denied (os error 13), /r.rs:8:2',
      'Permission denied',
    ],
    ['Unable to open file C:\\b: Access is denied. (os error 5)', 'Access is denied.'],
    [
      'Failed to connect: UnableToWalkDir { err: Os { code: 13, kind: PermissionDenied, message: "Permission denied" } }',
      'Permission denied',
    ],
    [
      'Unable to read: No such file or directory (os error 2) Caused by: Input/output error (os error 5)',
      'Input/output error',
    ],
    ['Cannot allocate memory (os error 12)', 'Cannot allocate memory'],
    ['Device or resource busy (os error 16)', 'Device or resource busy'],
    ['Resources exhausted: Failed to allocate', 'Resources exhausted'],
  ])('is the system’s: %s', (message, why) => {
    expect(systemFailure(new Error(message))).toBe(why);
  });

  it.each([
    'LanceError(IO): Object at location /b/data/x.lance not found: No such file or directory (os error 2)',
    'Unable to open: The system cannot find the path specified. (os error 3)',
    'LanceError(IO): Encountered internal error. file size is too small',
    'columns missing: verdict',
  ])('is damage: %s', (message) => {
    expect(systemFailure(new Error(message))).toBeUndefined();
  });

  it('is told by the system’s code where there is one', () => {
    const coded = (code: string): Error => Object.assign(new Error(`${code}: refused`), { code });
    expect(systemFailure(coded('EBUSY'))).toBe('EBUSY: refused');
    expect(systemFailure(coded('ENOENT'))).toBeUndefined();
  });

  it('keeps its class on its way from the bank’s process, and is told to the faces in its own words', () => {
    const error = new BankTablesUnavailableError('/b', 'Too many open files', new Error('cause'));
    expect(toError(toFault(error))).toBeInstanceOf(BankTablesUnavailableError);
    expect(toApiError(error)).toMatchObject({ code: 'failed', message: error.message });
  });
});
