import type { DonationRules, DonationStatus, PauseReason } from '../../api/index.ts';
import { errorInWords } from '../../process/index.ts';
import type { Clock } from './clock.ts';
import { decide, type Control, type Decision } from './decide.ts';
import { unknown, wantedSensors, type Readings, type Sensors } from './sensors.ts';

/** Who does the work. Called with the same value again and again; must not throw. */
export interface DonationWorker {
  /** `work`: begin whatever there is · `finish`: begin nothing more · `stop`: end what is under way. */
  set(order: 'work' | 'finish' | 'stop'): void;
  /** Statements being worked on. */
  readonly busy: number;
  /** Why there is nothing to do although it may. */
  readonly idleReason: PauseReason | undefined;
}

export interface SchedulerComponents {
  readonly clock: Clock;
  readonly sensors: Sensors;
  readonly worker: DonationWorker;
  /** Keeps the machine from sleeping; absent where nothing here can. */
  readonly keepAwake?: (awake: boolean) => void;
  readonly onChange: (status: DonationStatus) => void;
}

/** Sensors are read so often, beside what power events bring. */
const LOOK_MS = 10_000;
/** Nothing is left out by waiting no longer than this for the time that a rule names. */
const SOONEST_MS = 250;
const NOT_READ = unknown('not read yet');
const FIRST: Readings = {
  idle: NOT_READ,
  battery: NOT_READ,
  metered: NOT_READ,
  programs: NOT_READ,
  disk: NOT_READ,
};

/** Holds the work to the user's rules, and says at every moment what it does and why. */
export class DonationScheduler {
  readonly #components: SchedulerComponents;
  readonly #stopping = new AbortController();
  #rules: DonationRules;
  #control: Control = { kind: 'stopped' };
  #status: DonationStatus;
  #cancelTimer: () => void = () => undefined;
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(components: SchedulerComponents, rules: DonationRules) {
    this.#components = components;
    this.#rules = rules;
    const { reasons } = decide(rules, this.#control, FIRST, components.clock.now());
    this.#status = {
      state: 'stopped',
      reasons: [...reasons],
      gaps: [],
      since: components.clock.now(),
      awake: false,
    };
  }

  get status(): DonationStatus {
    return this.#status;
  }

  setRules(rules: DonationRules): Promise<void> {
    this.#rules = rules;
    return this.look();
  }

  start(): Promise<void> {
    return this.#order({ kind: 'on' });
  }

  /** Does nothing while stopped. @param minutes absent: until `start` */
  pause(minutes?: number): Promise<void> {
    if (this.#control.kind === 'stopped') return this.look();
    const until = minutes === undefined ? undefined : this.#components.clock.now() + minutes * 60_000;
    return this.#order({ kind: 'paused', ...(until === undefined ? {} : { until }) });
  }

  finish(): Promise<void> {
    return this.#order({ kind: 'finishing' });
  }

  stop(): Promise<void> {
    return this.#order({ kind: 'stopped' });
  }

  /** Looks at the machine now: for power events, and for a worker that has ended something. Never rejects. */
  look(): Promise<void> {
    this.#again = true;
    this.#looking ??= this.#lookWhileNeeded();
    return this.#looking;
  }

  /** Ends for good; the worker is told to stop. */
  dispose(): void {
    this.#stopping.abort(new Error('the node is stopping'));
    this.#cancelTimer();
    this.#components.worker.set('stop');
    this.#setAwake(false);
  }

  #order(control: Control): Promise<void> {
    if (control.kind === 'finishing' && this.#control.kind === 'stopped') return this.look();
    this.#control = control;
    return this.look();
  }

  async #lookWhileNeeded(): Promise<void> {
    const { signal } = this.#stopping;
    const isOver = (): boolean => signal.aborted;
    while (this.#again && !isOver()) {
      this.#again = false;
      const readings = await this.#read();
      if (!isOver()) this.#apply(readings);
    }
    // At once, not when the promise is heard of: who asks in between must be looked for too.
    this.#looking = undefined;
  }

  async #read(): Promise<Readings> {
    if (this.#control.kind === 'stopped') return FIRST;
    try {
      return await this.#components.sensors.read(wantedSensors(this.#rules), this.#stopping.signal);
    } catch (error) {
      const silent = unknown(errorInWords(error));
      return { idle: silent, battery: silent, metered: silent, programs: silent, disk: silent };
    }
  }

  #apply(readings: Readings): void {
    const { clock, worker } = this.#components;
    const now = clock.now();
    if (this.#control.kind === 'paused' && (this.#control.until ?? Infinity) <= now) {
      this.#control = { kind: 'on' };
    }
    if (this.#control.kind === 'finishing' && worker.busy === 0) this.#control = { kind: 'stopped' };
    const decision = decide(this.#rules, this.#control, readings, now);
    const finishing = this.#control.kind === 'finishing';
    worker.set(decision.mayWork ? (finishing ? 'finish' : 'work') : 'stop');
    const idle = decision.mayWork && !finishing ? worker.idleReason : undefined;
    this.#setStatus(decision, idle);
    this.#setAwake(this.#status.state === 'running' && this.#rules.keepAwake);
    this.#wait(decision, now);
  }

  #setStatus({ mayWork, reasons, gaps, nextAt }: Decision, idle: PauseReason | undefined): void {
    const control = this.#control.kind;
    const state =
      control === 'stopped'
        ? 'stopped'
        : !mayWork || idle !== undefined
          ? 'paused'
          : control === 'finishing'
            ? 'finishing'
            : 'running';
    const next = {
      state,
      reasons: [...reasons, ...(idle === undefined ? [] : [idle])],
      gaps: [...gaps],
      since: state === this.#status.state ? this.#status.since : this.#components.clock.now(),
      ...(nextAt === undefined ? {} : { nextAt }),
      awake: this.#status.awake,
    } satisfies DonationStatus;
    this.#tell(next);
  }

  #setAwake(awake: boolean): void {
    const { keepAwake } = this.#components;
    if (keepAwake === undefined || this.#status.awake === awake) return;
    keepAwake(awake);
    this.#tell({ ...this.#status, awake });
  }

  #tell(status: DonationStatus): void {
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    this.#components.onChange(status);
  }

  #wait({ nextAt }: Decision, now: number): void {
    this.#cancelTimer();
    if (this.#control.kind === 'stopped') return;
    const untilNext = nextAt === undefined ? Infinity : Math.max(SOONEST_MS, nextAt - now);
    this.#cancelTimer = this.#components.clock.after(Math.min(LOOK_MS, untilNext), () => void this.look());
  }
}
