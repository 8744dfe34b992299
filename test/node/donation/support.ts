import { donationRulesSchema, type DonationRules, type PauseReason } from '../../../core/api/index.ts';
import {
  known,
  type Clock,
  type DonationWorker,
  type Readings,
  type Sensors,
} from '../../../core/node/donation/index.ts';

export const rules = (input: unknown = { when: { kind: 'always' } }): DonationRules =>
  donationRulesSchema.parse(input);

/** A machine on mains that nobody has touched for a day. */
export const calm = (over: Partial<Readings> = {}): Readings => ({
  idle: known(86_400),
  battery: known({ onBattery: false }),
  metered: known(false),
  programs: known([]),
  disk: known({ freeBytes: 100e9 }),
  ...over,
});

/** Time that passes when the test says so. */
export class FakeClock implements Clock {
  #now: number;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers fire in order, and what they begin gets its turn. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class FakeSensors implements Sensors {
  readings = calm();
  read(): Promise<Readings> {
    return Promise.resolve(this.readings);
  }
}

export class FakeWorker implements DonationWorker {
  orders: string[] = [];
  busy = 0;
  idleReason: PauseReason | undefined;
  set(order: 'work' | 'finish' | 'stop'): void {
    if (this.orders.at(-1) !== order) this.orders.push(order);
    if (order === 'stop') this.busy = 0;
  }
}
