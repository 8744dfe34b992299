import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MAX_WORKERS, type Settings, type StatementWorker } from '../../api/index.ts';
import {
  Allocator,
  WorkLeases,
  type Credibility,
  type Strength,
  type WorkMethod,
} from '../../network/claims/index.ts';
import type { BoardEvent } from '../../network/board/index.ts';
import type { Network } from '../../network/index.ts';
import {
  decodeWorkClaim,
  encodeWorkClaim,
  signWorkClaim,
  type ContentId,
  type Identity,
  type Statement,
  type WorkClaim,
} from '../../record/index.ts';
import type { WorkSource } from '../service/index.ts';
import { CLAIM_ANNOUNCEMENT } from './kinds.ts';
import { MeasuredSpeed } from './measured-speed.ts';
import { Refutations } from './refutations.ts';
import { Throttle } from '../throttle.ts';

export interface SwarmWorkComponents {
  readonly identity: Identity;
  readonly credibility: Credibility;
  readonly statement: (id: ContentId) => Statement | undefined;
  /** Whether a statement is still asked for. */
  readonly isOpen: (id: ContentId) => boolean;
  /** The node's own board, where the swarm asks for nothing. */
  readonly fallback: WorkSource;
  /** Other peers than before say that they work on these. */
  readonly onClaims: (statements: ReadonlySet<ContentId>) => void;
}

export interface SwarmWorkInit {
  /** How this node proves, now. */
  readonly settings: () => Pick<Settings, 'prove' | 'model'>;
  /** Whether statements of an environment can be judged here. */
  readonly supports: Strength['supports'];
}

/** What is used of the network. */
export type WorkNetwork = Pick<Network, 'on' | 'announce' | 'stats'>;

/** Heartbeats are looked for so often; they are due once a minute. */
const BEAT_MS = 5000;
/** Claims of the same moment have come around by then. */
const SETTLE_MS = 500;
/** Peers come and go: faces are told of it so often at most. */
const CLAIMS_MS = 1000;
/** What is yielded so often in a row is worked on after all. */
const MAX_CHOICES = 4;
/** Everything is valued anew where the speed is another by so much. */
const NOTABLE = 0.1;

/** Chooses among what the swarm asks for, and tells the swarm what this node works on. */
export class SwarmWork implements WorkSource {
  readonly allocator: Allocator;
  readonly #components: SwarmWorkComponents;
  readonly #init: SwarmWorkInit;
  readonly #leases: WorkLeases;
  readonly #speed = new MeasuredSpeed();
  readonly #refutations: Refutations;
  /** What peers came to, or left, since it was told last. */
  #claimed = new Set<ContentId>();
  readonly #tellClaims = new Throttle(CLAIMS_MS, () => {
    const claimed = this.#claimed;
    this.#claimed = new Set();
    this.#components.onClaims(claimed);
  });
  #strength: Strength;
  #network: WorkNetwork | undefined;
  #timer: NodeJS.Timeout | undefined;
  #undo: () => void = () => undefined;

  constructor(components: SwarmWorkComponents, init: SwarmWorkInit) {
    this.#components = components;
    this.#init = init;
    this.#strength = this.#measured();
    this.#refutations = new Refutations((id) => components.isOpen(id));
    const { credibility, identity } = components;
    this.allocator = new Allocator(
      {
        credibility,
        random: Math.random,
        onLapse: (peer) => credibility.lapsed(peer),
        onWork: (peer, seconds) => credibility.worked(peer, seconds),
        onHolders: (id) => {
          this.#claimed.add(id);
          this.#tellClaims.soon();
        },
      },
      { strength: this.#strength },
    );
    this.#leases = new WorkLeases(
      { nonce: () => new Uint8Array(randomBytes(8)) },
      { claimant: identity.peer },
    );
  }

  join(network: WorkNetwork): void {
    this.#network = network;
    this.#undo = network.on(CLAIM_ANNOUNCEMENT, ({ body }) => {
      this.allocator.heard(decodeWorkClaim(body.claim).record, performance.now());
    });
    this.#timer = setInterval(() => {
      for (const claim of this.#leases.beats(Date.now())) this.#say(claim);
      this.allocator.expire(performance.now());
    }, BEAT_MS);
    this.#timer.unref();
  }

  /** Says of all that is under way that it is no longer. */
  async leave(): Promise<void> {
    clearInterval(this.#timer);
    this.#tellClaims.cancel();
    this.#undo();
    await Promise.all(this.#leases.statements.map((id) => this.#end(id)));
  }

  /** Peers that say they work on a statement. */
  workers(id: ContentId): StatementWorker[] {
    const holders = this.allocator.holders(id);
    if (holders.length === 0) return [];
    const began = Date.now() - performance.now();
    return holders.slice(0, MAX_WORKERS).map(({ claimant: peer, policy, model, begunAt }) => ({
      peer,
      policy,
      ...(model === undefined ? {} : { model }),
      since: Math.max(0, Math.round(began + begunAt)),
    }));
  }

  hear(event: BoardEvent): void {
    switch (event.type) {
      case 'opened':
      case 'changed': {
        const { statement, priority } = event.item;
        const { id, environment, difficulty } = statement;
        this.allocator.put({ id, environment, priority, difficulty });
        return;
      }
      case 'closed':
        this.allocator.remove(event.id);
        return;
      case 'equivocation':
    }
  }

  async next(signal: AbortSignal): Promise<Statement | undefined> {
    this.#refresh();
    const refutation = this.#refutations.next();
    if (refutation !== undefined) return refutation;
    for (let choices = 1; ; choices++) {
      const chosenAt = performance.now();
      const [choice] = this.allocator.choose(1, chosenAt);
      const statement = choice && this.#components.statement(choice.statement);
      if (choice === undefined || statement === undefined) return this.#components.fallback.next(signal);
      const claim = this.#leases.begin(statement.id, this.#method(), Date.now());
      this.#say(claim);
      if (!(await this.#leaveIt(claim, chosenAt, choices, signal))) return statement;
      this.#giveUp(statement.id);
      signal.throwIfAborted();
    }
  }

  ended(session: Parameters<WorkSource['ended']>[0]): void {
    const { statement, end, attempts, startedAt = 0, endedAt = 0 } = { ...session.summary };
    const seconds = Math.max(0, (endedAt - startedAt) / 1000);
    const wholeTry = end !== 'cancelled' && end !== 'failed' && end !== 'proved';
    this.#speed.tried({ seconds, checks: attempts, tokens: session.tokens });
    this.#refresh();
    const { policy, model, speed } = this.#strength;
    const method = { policy, ...(model === undefined ? {} : { model }) };
    this.allocator.worked(statement, method, seconds * speed, { wholeTry });
    if (wholeTry) this.#refutations.later(session.statement);
    this.#giveUp(statement);
    this.#components.fallback.ended(session);
  }

  /** Whether to leave what was chosen to somebody who chose it at the same moment. */
  async #leaveIt(claim: WorkClaim, chosenAt: number, choices: number, signal: AbortSignal): Promise<boolean> {
    const others = this.#network?.stats().listeners ?? 0;
    if (others === 0 || choices >= MAX_CHOICES) return signal.aborted;
    await pause(SETTLE_MS, undefined, { signal, ref: false }).catch(() => undefined);
    return signal.aborted || this.allocator.shouldYield(claim, chosenAt, performance.now());
  }

  #giveUp(id: ContentId): void {
    this.allocator.release(id);
    void this.#end(id);
  }

  /** The user may have chosen another policy or model, and the machine be faster or slower than it was thought. */
  #refresh(): void {
    const before = this.#strength;
    const { policy, model } = this.#measured();
    if (policy !== before.policy || model !== before.model) this.#speed.forget();
    const now = this.#measured();
    const same =
      policy === before.policy &&
      model === before.model &&
      now.secondsPerTry === before.secondsPerTry &&
      Math.abs(now.speed / before.speed - 1) < NOTABLE;
    if (same) return;
    this.#strength = now;
    this.allocator.setStrength(now);
  }

  #measured(): Strength {
    const { prove, model } = this.#init.settings();
    return {
      policy: prove.policy,
      ...(prove.policy === 'portfolio' || model === undefined
        ? {}
        : { model: path.basename(model.model).slice(0, 100).toWellFormed() }),
      repeats: prove.policy === 'portfolio',
      speed: this.#speed.value,
      secondsPerTry: prove.seconds,
      supports: this.#init.supports,
    };
  }

  #method(): WorkMethod {
    const { policy, model, speed } = this.#strength;
    return {
      policy,
      ...(model === undefined ? {} : { model }),
      speed: Math.max(1, Math.round(speed * 1000)),
    };
  }

  async #end(id: ContentId): Promise<void> {
    const claim = this.#leases.end(id, Date.now());
    if (claim !== undefined) await this.#announce(claim);
  }

  #say(claim: WorkClaim): void {
    void this.#announce(claim);
  }

  /** A claim that nobody hears costs double work, no more. */
  async #announce(claim: WorkClaim): Promise<void> {
    try {
      const bytes = new Uint8Array(encodeWorkClaim(signWorkClaim(claim, this.#components.identity)));
      await this.#network?.announce(CLAIM_ANNOUNCEMENT, { claim: bytes });
    } catch {
      return;
    }
  }
}
