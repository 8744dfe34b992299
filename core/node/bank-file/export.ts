import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Bank } from '../../memory/index.ts';
import type { ClaimedProof } from '../../record/index.ts';
import { putInPlace } from '../put-in-place.ts';
import { BankFileExistsError, UnwritableBankFileError } from './errors.ts';
import { formatBankLine } from './line.ts';

export interface ExportComponents {
  readonly bank: Pick<Bank, 'keys' | 'proven'>;
  /** Records that are kept as claimed, where these are to be in the file too. */
  readonly claimed?: AsyncIterable<ClaimedProof>;
}

export interface ExportOptions {
  readonly signal?: AbortSignal;
  /** `total`: of the bank's proofs; what is kept as claimed comes on top. */
  readonly onProgress?: (records: number, total: number) => void;
}

export interface ExportReport {
  /** Absolute. */
  readonly path: string;
  readonly proofs: number;
  readonly claimed: number;
}

/** Proofs that are read together. */
const BATCH = 200;
const FLUSH_CHARACTERS = 1_000_000;

/**
 * Writes the bank to a new file, a JSON line a record, oldest first. The file appears whole or not at all.
 * @throws BankFileExistsError, UnwritableBankFileError, the bank's errors, the signal's reason
 */
export async function exportBank(
  target: string,
  { bank, claimed }: ExportComponents,
  { signal, onProgress }: ExportOptions = {},
): Promise<ExportReport> {
  const file = path.resolve(target);
  await refuseExisting(file);
  const temporary = `${file}.${randomBytes(6).toString('hex')}.part`;
  const counts = { proofs: 0, claimed: 0 };
  try {
    const handle = await open(temporary, 'wx', 0o644);
    try {
      let text = '';
      const write = async (record: ClaimedProof): Promise<void> => {
        signal?.throwIfAborted();
        text += formatBankLine(record);
        if (text.length < FLUSH_CHARACTERS) return;
        await handle.appendFile(text);
        text = '';
      };
      const keys = await bank.keys();
      const tell = (): void => onProgress?.(counts.proofs + counts.claimed, keys.length);
      for (let at = 0; at < keys.length; at += BATCH) {
        const ids = keys.slice(at, at + BATCH).map(({ id }) => id);
        for (const record of await bank.proven(ids)) {
          counts.proofs++;
          await write(record);
        }
        tell();
      }
      for await (const claim of claimed ?? []) {
        counts.claimed++;
        await write(claim);
      }
      await handle.appendFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!(await putInPlace(temporary, file))) throw new BankFileExistsError(file);
  } catch (error) {
    throw asUnwritable(file, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  return { path: file, ...counts };
}

/** Before the work, so that nobody waits for nothing; whether it holds is decided when the file is put in place. */
async function refuseExisting(file: string): Promise<void> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw asUnwritable(file, error);
  });
  await handle?.close();
  if (handle !== undefined) throw new BankFileExistsError(file);
}

const asUnwritable = (file: string, error: unknown): unknown =>
  error instanceof Error && 'syscall' in error ? new UnwritableBankFileError(file, error) : error;
