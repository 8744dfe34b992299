import { BankProcessError } from '../errors.ts';
import type { BankEvent } from '../events.ts';
import { openLanceBank } from '../open.ts';
import type { Bank } from '../types.ts';
import { toFault } from './faults.ts';
import type { CallRequest, NextRequest, Reply, Request, Stream } from './messages.ts';

/** Items that one reply takes: `entries` come in batches of their own. */
const ITEMS: Readonly<Record<Stream, number>> = { proofs: 64, entries: 1 };

/** The bank's process's side: does with the bank what it is asked. Requests may overlap as calls of the bank may. */
export class BankServer {
  readonly #directory: string;
  readonly #send: (reply: Reply) => void;
  readonly #streams = new Map<number, AsyncIterator<unknown>>();
  #bank: Promise<Bank> | undefined;

  constructor(directory: string, send: (reply: Reply) => void) {
    this.#directory = directory;
    this.#send = send;
  }

  /** Everything but `close`. */
  take(request: Exclude<Request, { type: 'close' }>): void {
    switch (request.type) {
      case 'call':
        void this.#answer(request.call, (bank) => invoke(bank, request));
        return;
      case 'next':
        void this.#answer(request.call, (bank) => this.#next(bank, request));
        return;
      case 'end': {
        const iterator = this.#streams.get(request.stream);
        this.#streams.delete(request.stream);
        iterator?.return?.().catch(() => undefined);
      }
    }
  }

  /** Resolves when nothing is under way any more and the directory is let go. */
  async close(): Promise<void> {
    const bank = await this.#bank?.catch(() => undefined);
    await bank?.close();
  }

  /** Where it cannot be opened, whoever asks is told, and the next request tries again. */
  #opened(): Promise<Bank> {
    if (this.#bank === undefined) {
      const onEvent = (event: BankEvent): void => this.#send({ type: 'event', event });
      const opening = openLanceBank({ directory: this.#directory, onEvent });
      this.#bank = opening;
      opening.catch(() => (this.#bank = undefined));
    }
    return this.#bank;
  }

  async #answer(call: number, ask: (bank: Bank) => Promise<unknown>): Promise<void> {
    try {
      this.#send({ type: 'value', call, value: await ask(await this.#opened()) });
    } catch (error) {
      this.#send({ type: 'fault', call, fault: toFault(error) });
    }
  }

  /** The next items of a stream; undefined at its end. */
  async #next(bank: Bank, { stream, method, first }: NextRequest): Promise<unknown[] | undefined> {
    if (first) this.#streams.set(stream, bank[method]()[Symbol.asyncIterator]());
    const iterator = this.#streams.get(stream);
    if (iterator === undefined) throw new BankProcessError('while it was read from', '');
    const items: unknown[] = [];
    while (items.length < ITEMS[method]) {
      const next = await iterator.next();
      if (next.done === true) break;
      items.push(next.value);
    }
    if (items.length > 0) return items;
    this.#streams.delete(stream);
    return undefined;
  }
}

/** What is asked for was typed where it was asked: see `BankApart`. */
function invoke(bank: Bank, { method, args }: CallRequest): Promise<unknown> {
  const methods = bank as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
  const own = methods[method];
  if (own === undefined) throw new Error(`the bank has no ${method}`);
  return own.call(bank, ...args);
}
