import {
  MAX_TIMELINE,
  type ApiEvent,
  type AttemptRow,
  type PremiseView,
  type ProveSettings,
  type Session,
  type SessionView,
} from '../../api/index.ts';
import type { Attempt, Statement } from '../../record/index.ts';
import type { RepairEvent } from '../../repair/index.ts';
import type { StatementResult } from '../prover.ts';
import { attemptRow, cut, premiseView, recordOf } from './text.ts';

/** Characters of attempts that a session keeps at hand; older attempts are read from the bank. */
const KEPT_CHARACTERS = 8_000_000;

export interface Place {
  readonly rollout: number;
  readonly round: number;
  readonly candidate: number;
}

export interface SessionInit {
  readonly id: string;
  readonly statement: Statement;
  readonly settings: ProveSettings;
  readonly origin: Session['origin'];
  readonly now: () => number;
  readonly emit: (event: ApiEvent) => void;
}

/** One statement being tried: turns what the loop tells into what a face shows. */
export class ProveSession {
  readonly id: string;
  readonly statement: Statement;
  readonly settings: ProveSettings;
  readonly #init: SessionInit;
  readonly #controller = new AbortController();
  readonly #checking = new Map<string, Place>();
  readonly #kept: Attempt[] = [];
  #keptCharacters = 0;
  #rows: AttemptRow[] = [];
  #omitted = 0;
  #premises: PremiseView[] = [];
  #summary: Session;

  constructor(init: SessionInit) {
    this.#init = init;
    this.id = init.id;
    this.statement = init.statement;
    this.settings = init.settings;
    this.#summary = {
      id: init.id,
      statement: init.statement.id,
      name: init.statement.name,
      formal: cut(init.statement.formal),
      origin: init.origin,
      state: 'waiting',
      settings: init.settings,
      createdAt: init.now(),
      rollouts: 0,
      attempts: 0,
    };
  }

  get summary(): Session {
    return this.#summary;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get premises(): readonly PremiseView[] {
    return this.#premises;
  }

  view(): SessionView {
    return {
      session: this.#summary,
      statement: recordOf(this.statement),
      premises: this.#premises,
      attempts: this.#rows,
      omitted: this.#omitted,
      checking: [...this.#checking.values()],
    };
  }

  /** An attempt that is still at hand. */
  attempt(place: Place): Attempt | undefined {
    return this.#kept.find((attempt) => samePlace(attempt, place));
  }

  stop(): void {
    this.#controller.abort(new Error('stopped by the user'));
  }

  started(): void {
    this.#change({ state: 'running', startedAt: this.#init.now() });
  }

  readonly hear = (event: RepairEvent): void => {
    const { emit } = this.#init;
    const session = this.id;
    switch (event.type) {
      case 'repair:retrieved':
        this.#premises = event.premises.slice(0, 16).map(premiseView);
        emit({ type: 'prove:retrieved', session, premises: this.#premises });
        return;
      case 'repair:rollout-started':
        this.#change({ rollouts: Math.max(this.#summary.rollouts, event.rollout + 1) });
        emit({ type: 'prove:rollout-started', session, rollout: event.rollout });
        return;
      case 'repair:round-started':
        emit({ type: 'prove:round-started', session, rollout: event.rollout, round: event.round });
        return;
      case 'repair:check-started': {
        const { rollout, round, candidate } = event;
        const place = { rollout, round, candidate };
        this.#checking.set(keyOf(place), place);
        emit({ type: 'prove:check-started', session, place });
        return;
      }
      case 'repair:attempt-finished':
        this.#keep(event.attempt);
        return;
      case 'repair:started':
      case 'repair:retrieval-failed':
      case 'repair:sink-failed':
      case 'repair:finished':
    }
  };

  /** @param result undefined where it was cancelled */
  ended(result: StatementResult | undefined): void {
    if (result === undefined) this.#end({ end: 'cancelled' });
    else if (result.kind === 'unjudgeable')
      this.#end({ end: 'unjudgeable', detail: cut(result.detail, 2000) });
    else {
      const { reason, detail } = result.outcome;
      this.#end({
        end: reason,
        ...(detail === undefined ? {} : { detail: cut(detail, 2000) }),
        ...(result.record === undefined ? {} : { proof: result.record.id }),
      });
    }
  }

  failed(error: unknown): void {
    if (this.signal.aborted) this.#end({ end: 'cancelled' });
    else
      this.#end({ end: 'failed', detail: cut(error instanceof Error ? error.message : String(error), 2000) });
  }

  #keep(attempt: Attempt): void {
    const at = this.#init.now() - (this.#summary.startedAt ?? this.#summary.createdAt);
    const row = attemptRow(attempt, Math.max(0, at));
    this.#checking.delete(keyOf(attempt));
    this.#rows.push(row);
    if (this.#rows.length > MAX_TIMELINE) {
      this.#rows.shift();
      this.#omitted++;
    }
    this.#kept.push(attempt);
    this.#keptCharacters += charactersOf(attempt);
    while (this.#keptCharacters > KEPT_CHARACTERS && this.#kept.length > 1) {
      const oldest = this.#kept.shift();
      if (oldest !== undefined) this.#keptCharacters -= charactersOf(oldest);
    }
    this.#summary = { ...this.#summary, attempts: this.#summary.attempts + 1 };
    this.#init.emit({ type: 'prove:attempt-finished', session: this.id, attempt: row });
  }

  #end(how: Pick<Session, 'end' | 'detail' | 'proof'>): void {
    this.#checking.clear();
    this.#change({ state: 'ended', endedAt: this.#init.now(), ...how });
  }

  #change(change: Partial<Session>): void {
    this.#summary = { ...this.#summary, ...change };
    this.#init.emit({ type: 'prove:session-changed', session: this.#summary });
  }
}

const keyOf = ({ rollout, round, candidate }: Place): string => `${rollout}.${round}.${candidate}`;

export const samePlace = (a: Place, b: Place): boolean =>
  a.rollout === b.rollout && a.round === b.round && a.candidate === b.candidate;

const charactersOf = ({ submission, prompt = '', response = '' }: Attempt): number =>
  submission.length + prompt.length + response.length + 500;
