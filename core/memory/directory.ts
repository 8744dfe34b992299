import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { systemErrorCode } from '../process/index.ts';
import { BankNotWritableError, BankTooNewError, NotABankError } from './errors.ts';
import { syncDirectory } from './journal-files.ts';

/** Raised when an older program could misread or damage what this one writes. */
export const BANK_VERSION = 1;
const FORMAT_FILE = 'bank.json';
const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS']);

const formatSchema = z.looseObject({ format: z.literal('proofswarm-bank'), version: z.int().min(1) });

/**
 * Makes the directory a bank, or sees that it is one.
 * @throws BankNotWritableError, NotABankError, BankTooNewError
 */
export async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    const text = await readFormat(directory);
    if (text === undefined) await initialise(directory);
    else checkFormat(directory, text);
    await probe(directory);
  } catch (error) {
    const code = systemErrorCode(error) ?? '';
    if (NOT_WRITABLE.has(code)) throw new BankNotWritableError(directory, error);
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new NotABankError(directory, 'it is a file, or lies in one');
    throw error;
  }
}

/** Bytes of all files below a path; what vanishes meanwhile counts nothing. */
export async function bytesOnDisk(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        (found) => found.size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function readFormat(directory: string): Promise<string | undefined> {
  try {
    return await readFile(join(directory, FORMAT_FILE), 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function checkFormat(directory: string, text: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new NotABankError(directory, `${FORMAT_FILE} is not JSON`);
  }
  const format = formatSchema.safeParse(parsed);
  if (!format.success) throw new NotABankError(directory, `${FORMAT_FILE} is of something else`);
  if (format.data.version > BANK_VERSION) {
    throw new BankTooNewError(directory, format.data.version, BANK_VERSION);
  }
}

/** The format file comes first and whole, so that a directory without it, our own unfinished ones aside, is no bank. */
async function initialise(directory: string): Promise<void> {
  const foreign = (await readdir(directory)).filter((name) => !name.startsWith(FORMAT_FILE));
  // Another process may have begun this very bank since we looked.
  if (foreign.length > 0 && (await readFormat(directory)) === undefined) {
    throw new NotABankError(directory, `no ${FORMAT_FILE}, but ${foreign.slice(0, 3).join(', ')}`);
  }
  const temporary = join(directory, `${FORMAT_FILE}.${randomBytes(6).toString('hex')}`);
  const file = await open(temporary, 'wx');
  try {
    await file.writeFile(`${JSON.stringify({ format: 'proofswarm-bank', version: BANK_VERSION })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(directory, FORMAT_FILE));
  await syncDirectory(directory);
}

async function probe(directory: string): Promise<void> {
  const file = await open(join(directory, FORMAT_FILE), 'r+');
  await file.close();
}
