import type { NetworkStatus, Refusal } from '../../api/index.ts';
import type { NetworkEvent } from '../../network/index.ts';

const MAX_REFUSALS = 1000;

/** What the network's events come to, for people: where synchronising is, and what was refused and why. */
export class SwarmLog {
  #refusals: Refusal[] = [];
  #sync: NetworkStatus['sync'];
  #lastSyncAt: number | undefined;

  /** Newest first. */
  get refusals(): readonly Refusal[] {
    return this.#refusals;
  }

  get progress(): Pick<NetworkStatus, 'sync' | 'lastSyncAt'> {
    return {
      ...(this.#sync === undefined ? {} : { sync: this.#sync }),
      ...(this.#lastSyncAt === undefined ? {} : { lastSyncAt: this.#lastSyncAt }),
    };
  }

  refuse(refusal: Refusal): void {
    this.#refusals = [refusal, ...this.#refusals].slice(0, MAX_REFUSALS);
  }

  /** The refusal that an event is, where it is one. */
  hear(event: NetworkEvent, now: number): Refusal | undefined {
    switch (event.type) {
      case 'sync-progress': {
        const { peer, here, there, needed } = event;
        this.#sync = { peer, here, there, needed };
        return undefined;
      }
      case 'sync-finished':
        this.#sync = undefined;
        this.#lastSyncAt = now;
        return undefined;
      case 'sync-failed':
        this.#sync = undefined;
        return undefined;
      case 'announcement-refused':
        // Heard twice is nothing to tell of: gossip comes by several ways.
        if (event.reason === 'replay') return undefined;
        return this.#keep({ at: now, peer: event.author, kind: 'announcement', reason: event.reason });
      case 'peer-cut-off':
        return this.#keep({
          at: now,
          peer: event.peer,
          kind: 'peer',
          reason: event.offence,
          detail: event.detail.slice(0, 2000),
        });
      default:
        return undefined;
    }
  }

  #keep(refusal: Refusal): Refusal {
    this.refuse(refusal);
    return refusal;
  }
}
