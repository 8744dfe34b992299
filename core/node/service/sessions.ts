import { randomUUID } from 'node:crypto';
import { ApiError, type ApiEvent, type ProveSettings, type Session } from '../../api/index.ts';
import type { Statement } from '../../record/index.ts';
import type { RepairEvent } from '../../repair/index.ts';
import type { PolicyEvent } from '../policies.ts';
import type { StatementResult } from '../prover.ts';
import { ProveSession } from './session.ts';

/** Tries one statement; resolves to nothing where it was cancelled. */
export type ProveStatement = (
  statement: Statement,
  settings: ProveSettings,
  options: {
    readonly signal: AbortSignal;
    readonly onEvent: (event: RepairEvent) => void;
    readonly onPolicy: (event: PolicyEvent) => void;
  },
) => Promise<StatementResult | undefined>;

export interface SessionsComponents {
  readonly prove: ProveStatement;
  readonly emit: (event: ApiEvent) => void;
  readonly now: () => number;
  /** Hears of every session that has ended, once. */
  readonly onEnded?: (session: ProveSession, result: StatementResult | undefined) => void;
}

export interface SessionsInit {
  /** Sessions of the user's at one time; those of a donation are bounded by who asks for them. */
  readonly jobs: number;
}

/** Sessions that are listed, and those of the user's that may wait. */
const MAX_LISTED = 500;
const MAX_WAITING = 200;

/** The sessions of this run of the node, newest last. */
export class ProveSessions {
  readonly #components: SessionsComponents;
  readonly #init: SessionsInit;
  readonly #sessions = new Map<string, ProveSession>();
  readonly #waiting: ProveSession[] = [];
  readonly #running = new Map<ProveSession, Promise<void>>();
  #closed = false;

  constructor(components: SessionsComponents, init: SessionsInit) {
    this.#components = components;
    this.#init = init;
  }

  /** Newest first. */
  list(): Session[] {
    return [...this.#sessions.values()].reverse().map(({ summary }) => summary);
  }

  /** @throws ApiError */
  get(id: string): ProveSession {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new ApiError('not-found', 'there is no such session');
    return session;
  }

  /** Ids of the statements that are being tried now. */
  working(): Set<string> {
    return new Set([...this.#running.keys()].map(({ statement }) => statement.id));
  }

  /**
   * Begins a session, or has it wait where `jobs` of the user's are under way.
   * @throws ApiError where too many wait
   */
  start(statement: Statement, settings: ProveSettings, origin: Session['origin']): ProveSession {
    if (this.#closed) throw new ApiError('conflict', 'the node is stopping');
    // What is donated waits for nobody.
    if (origin !== 'donation' && this.#waiting.length >= MAX_WAITING) {
      throw new ApiError('busy', 'too many sessions are waiting already');
    }
    const { emit, now } = this.#components;
    const session = new ProveSession({ id: randomUUID(), statement, settings, origin, emit, now });
    this.#sessions.set(session.id, session);
    emit({ type: 'prove:session-changed', session: session.summary });
    if (origin === 'donation') this.#run(session);
    else {
      this.#waiting.push(session);
      this.#next();
    }
    this.#trim();
    return session;
  }

  /** Resolves when the session has ended; at once where it had. */
  async ended(session: ProveSession): Promise<void> {
    await this.#running.get(session);
  }

  stop(id: string): void {
    const session = this.get(id);
    session.stop();
    const place = this.#waiting.indexOf(session);
    if (place < 0) return;
    this.#waiting.splice(place, 1);
    this.#finish(session, undefined);
  }

  /** @throws ApiError where it is under way */
  remove(id: string): void {
    if (this.get(id).summary.state !== 'ended') {
      throw new ApiError('conflict', 'stop the session before it is taken from the list');
    }
    this.#sessions.delete(id);
    this.#components.emit({ type: 'prove:session-removed', session: id });
  }

  /** Stops what is under way and waits for it: its attempts are in the bank then. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const session of this.#waiting.splice(0)) {
      session.stop();
      this.#finish(session, undefined);
    }
    for (const session of this.#running.keys()) session.stop();
    await Promise.all(this.#running.values());
  }

  #next(): void {
    const users = [...this.#running.keys()].filter(({ summary }) => summary.origin !== 'donation').length;
    for (let free = this.#init.jobs - users; free > 0; free--) {
      const session = this.#waiting.shift();
      if (session === undefined) return;
      this.#run(session);
    }
  }

  #run(session: ProveSession): void {
    session.started();
    const { prove } = this.#components;
    const { statement, settings, signal, hear, hearPolicy } = session;
    const run = prove(statement, settings, { signal, onEvent: hear, onPolicy: hearPolicy }).then(
      (result) => this.#finish(session, result),
      (error: unknown) => {
        session.failed(error);
        this.#components.onEnded?.(session, undefined);
      },
    );
    this.#running.set(
      session,
      run.finally(() => {
        this.#running.delete(session);
        this.#next();
      }),
    );
  }

  #finish(session: ProveSession, result: StatementResult | undefined): void {
    session.ended(result);
    this.#components.onEnded?.(session, result);
  }

  #trim(): void {
    if (this.#sessions.size <= MAX_LISTED) return;
    for (const [id, { summary }] of this.#sessions) {
      if (summary.state !== 'ended') continue;
      this.#sessions.delete(id);
      this.#components.emit({ type: 'prove:session-removed', session: id });
      return;
    }
  }
}
