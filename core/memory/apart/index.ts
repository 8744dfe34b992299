import { resolve } from 'node:path';
import type { ForkInit, WorkerProcess } from '../../process/index.ts';
import type { BankListener } from '../events.ts';
import type { Bank } from '../types.ts';
import { BankApart } from './bank.ts';
import { BankProcess } from './bank-process.ts';

export interface OpenBankApartOptions {
  /** Made where it does not exist. */
  readonly directory: string;
  /** As of `openBank`; repairs are told of whenever the bank is opened again. */
  readonly onEvent?: BankListener;
  /** After how many milliseconds in which nothing was asked of the bank its process ends; 10 000 unless set, or twenty times as long as opening took. */
  readonly idleMs?: number;
  /** How the process is started; `forkWorker` unless set. */
  readonly start?: (init: ForkInit) => WorkerProcess;
}

/**
 * As `openBank`, with LanceDB in a process of its own, which is there as long as something is asked of the bank: a node
 * that idles does not hold it in memory, and what goes wrong in native code does not take the node with it. The first
 * question after a rest takes about half a second more, and longer in a large bank. Methods reject with `BankProcessError` where the process ends
 * again and again instead of answering; attempts that were being recorded when it did may be recorded twice.
 * @throws what `openBank` throws, and BankProcessError
 */
export async function openBankApart(options: OpenBankApartOptions): Promise<Bank> {
  const { onEvent = () => undefined, idleMs, start } = options;
  const directory = resolve(options.directory);
  const process = new BankProcess({
    directory,
    onEvent,
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(start === undefined ? {} : { start }),
  });
  const bank = new BankApart(process, directory);
  try {
    await process.call('count', []);
  } catch (error) {
    await bank.close();
    throw error;
  }
  return bank;
}
