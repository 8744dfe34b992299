import type { CommandHandlers, DonationRules, DonationStatus, Settings } from '../../api/index.ts';
import type { Statement } from '../../record/index.ts';
import { DonationScheduler, Lanes, type Clock, type Sensors } from '../donation/index.ts';
import { defaultJobs } from '../machine.ts';
import type { ProveSessions } from './sessions.ts';

export interface DonatedWorkComponents {
  readonly sessions: ProveSessions;
  readonly settings: () => Pick<Settings, 'donation' | 'prove'>;
  /** The next statement to work on; undefined where there is none now. */
  readonly next: (signal: AbortSignal) => Promise<Statement | undefined>;
  readonly sensors: Sensors;
  readonly clock: Clock;
  readonly keepAwake?: ((awake: boolean) => void) | undefined;
  readonly onChange: (donation: DonationStatus) => void;
}

/** A statement at a time takes a core and, with Lean, this much memory. */
const STATEMENT_BYTES = 1.6e9;

/** Works for others, when and as far as the user's rules allow. */
export class DonatedWork {
  readonly scheduler: DonationScheduler;
  readonly #components: DonatedWorkComponents;
  readonly #lanes: Lanes;

  constructor(components: DonatedWorkComponents) {
    const { clock, sensors, keepAwake, settings, next, onChange } = components;
    this.#components = components;
    this.#lanes = new Lanes({
      next,
      begin: (statement) => this.#begin(statement),
      width: () => width(settings().donation.limits),
      clock,
      onChange: () => void this.scheduler.look(),
    });
    const worker = this.#lanes;
    this.scheduler = new DonationScheduler(
      { clock, sensors, worker, ...(keepAwake === undefined ? {} : { keepAwake }), onChange },
      settings().donation,
    );
  }

  handlers(): Pick<CommandHandlers, 'donation.control'> {
    return {
      'donation.control': async ({ action, minutes }) => {
        await this.#control(action, minutes);
        return { donation: this.scheduler.status };
      },
    };
  }

  /** There may be work where there was none. */
  wake(): void {
    this.#lanes.wake();
  }

  #begin(statement: Statement): { done: Promise<void>; stop: () => void } {
    const { sessions, settings } = this.#components;
    const session = sessions.start(statement, settings().prove, 'donation');
    return { done: sessions.ended(session), stop: () => session.stop() };
  }

  async #control(action: 'start' | 'pause' | 'resume' | 'finish' | 'stop', minutes?: number): Promise<void> {
    switch (action) {
      case 'start':
      case 'resume':
        return this.scheduler.start();
      case 'pause':
        return this.scheduler.pause(minutes);
      case 'finish':
        return this.scheduler.finish();
      case 'stop':
        return this.scheduler.stop();
    }
  }
}

/** Statements at one time. */
function width({ cores, memoryBytes }: DonationRules['limits']): number {
  const byMemory =
    memoryBytes === undefined ? Infinity : Math.max(1, Math.floor(memoryBytes / STATEMENT_BYTES));
  return Math.min(cores ?? defaultJobs(), byMemory);
}
