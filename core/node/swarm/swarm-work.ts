import { randomBytes } from 'node:crypto';
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

export interface SwarmWorkComponents {
  readonly identity: Identity;
  readonly credibility: Credibility;
  readonly statement: (id: ContentId) => Statement | undefined;
  /** The node's own board, where the swarm asks for nothing. */
  readonly fallback: WorkSource;
}

/** Heartbeats are looked for so often; they are due once a minute. */
const BEAT_MS = 5000;

/** Chooses among what the swarm asks for, and tells the swarm what this node works on. */
export class SwarmWork implements WorkSource {
  readonly allocator: Allocator;
  readonly #components: SwarmWorkComponents;
  readonly #leases: WorkLeases;
  readonly #strength: Strength;
  #network: Network | undefined;
  #timer: NodeJS.Timeout | undefined;
  #undo: () => void = () => undefined;

  constructor(components: SwarmWorkComponents, strength: Strength) {
    this.#components = components;
    this.#strength = strength;
    const { credibility, identity } = components;
    this.allocator = new Allocator(
      {
        credibility,
        random: Math.random,
        onLapse: (peer) => credibility.lapsed(peer),
        onWork: (peer, seconds) => credibility.worked(peer, seconds),
      },
      { strength },
    );
    this.#leases = new WorkLeases(
      { nonce: () => new Uint8Array(randomBytes(8)) },
      { claimant: identity.peer },
    );
  }

  join(network: Network): void {
    this.#network = network;
    this.#undo = network.on(CLAIM_ANNOUNCEMENT, ({ body }) => {
      this.allocator.heard(decodeWorkClaim(body.claim).record, performance.now());
    });
    this.#timer = setInterval(() => {
      for (const claim of this.#leases.beats(Date.now())) this.#say(claim);
    }, BEAT_MS);
    this.#timer.unref();
  }

  /** Says of all that is under way that it is no longer. */
  async leave(): Promise<void> {
    clearInterval(this.#timer);
    this.#undo();
    await Promise.all(this.#leases.statements.map((id) => this.#end(id)));
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
    const [choice] = this.allocator.choose(1, performance.now());
    const statement = choice && this.#components.statement(choice.statement);
    if (choice === undefined || statement === undefined) return this.#components.fallback.next(signal);
    this.#say(this.#leases.begin(statement.id, this.#method(), Date.now()));
    return statement;
  }

  ended(session: Parameters<WorkSource['ended']>[0]): void {
    const { statement, end, startedAt = 0, endedAt = 0 } = { ...session.summary };
    const wholeTry = end !== 'cancelled' && end !== 'failed' && end !== 'proved';
    const units = ((endedAt - startedAt) / 1000) * this.#strength.speed;
    this.allocator.worked(statement, { policy: this.#strength.policy }, Math.max(0, units), { wholeTry });
    this.allocator.release(statement);
    void this.#end(statement);
    this.#components.fallback.ended(session);
  }

  #method(): WorkMethod {
    const { policy, speed } = this.#strength;
    return { policy, speed: Math.max(1, Math.round(speed * 1000)) };
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
    const bytes = new Uint8Array(encodeWorkClaim(signWorkClaim(claim, this.#components.identity)));
    await this.#network?.announce(CLAIM_ANNOUNCEMENT, { claim: bytes }).catch(() => undefined);
  }
}
