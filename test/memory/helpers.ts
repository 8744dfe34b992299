import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openBank, type Bank, type BankEvent, type OpenBankOptions } from '../../core/memory/index.ts';
import type { Statement } from '../../core/record/index.ts';
import { attemptFor, prove, type Proven } from './proofs.ts';

export { attemptFor, prove, type Proven };

/** A directory that goes when the test ends. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'proofswarm-bank-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
}

type TestBankOptions = Partial<OpenBankOptions> & {
  readonly open?: (options: OpenBankOptions) => Promise<Bank>;
};

/** A bank that closes when the test ends, and what it reported. */
export async function openTestBank({ open = openBank, ...options }: TestBankOptions = {}): Promise<{
  bank: Bank;
  directory: string;
  events: BankEvent[];
}> {
  const directory = options.directory ?? join(await temporaryDirectory(), 'bank');
  const events: BankEvent[] = [];
  const bank = await open({ ...options, directory, onEvent: (event) => events.push(event) });
  onTestFinished(() => bank.close());
  return { bank, directory, events };
}

export async function insertAll(bank: Bank, proven: readonly Proven[]): Promise<void> {
  await Promise.all(proven.map(({ proof, signed }) => bank.insert(proof, signed)));
}

export async function idsIn(bank: Bank): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of bank.proofs()) ids.push(id);
  return ids.sort();
}

export function proveAll(statements: readonly Statement[]): Proven[] {
  return statements.map((statement) => prove(statement));
}
