import type { ContentId, PeerId } from '../../record/index.ts';

/** How a statement was tried. */
export interface Method {
  readonly policy: string;
  readonly model?: string | undefined;
}

/** Work that a claimant says it has done since its last word, as far as that can be. */
export interface ReportedEffort extends Method {
  readonly statement: ContentId;
  readonly claimant: PeerId;
  /** Seconds of the reference node. */
  readonly units: number;
  /** Set with the last word of a claim: how long the whole try was. */
  readonly wholeTry?: number;
}

/** Work on one statement by one method, in seconds of the reference node. */
export interface Effort extends Method {
  /** By this node and by peers who have proved something, weighed by how far their word is taken. */
  vouched: number;
  /** By peers who have shown nothing yet. */
  hearsay: number;
  /** Longest single try that is known to have ended without a proof. */
  longestTry: number;
}

/** More methods than there are in practice; what comes beyond is added to the last. */
const MAX_METHODS = 8;
/** However much newcomers say they have tried, all their words together count at most so much a method. */
const HEARSAY_LIMIT = 1800;

/** What has been tried on each statement, and how. */
export class EffortLedger {
  readonly #statements = new Map<ContentId, Effort[]>();

  add(statement: ContentId, method: Method, units: number, vouched: boolean): void {
    const effort = this.#of(statement, method);
    if (vouched) effort.vouched += units;
    else effort.hearsay += units;
  }

  /** A whole try ended without a proof. Hearsay is left out: it could make a statement look hopeless for free. */
  addTry(statement: ContentId, method: Method, units: number): void {
    const effort = this.#of(statement, method);
    effort.longestTry = Math.max(effort.longestTry, units);
  }

  of(statement: ContentId): readonly Effort[] {
    return this.#statements.get(statement) ?? [];
  }

  forget(statement: ContentId): void {
    this.#statements.delete(statement);
  }

  #of(statement: ContentId, method: Method): Effort {
    let efforts = this.#statements.get(statement);
    if (efforts === undefined) this.#statements.set(statement, (efforts = []));
    const known =
      efforts.find(({ policy, model }) => policy === method.policy && model === method.model) ??
      (efforts.length >= MAX_METHODS ? efforts.at(-1) : undefined);
    if (known !== undefined) return known;
    const { policy, model } = method;
    const fresh: Effort = { policy, model, vouched: 0, hearsay: 0, longestTry: 0 };
    efforts.push(fresh);
    return fresh;
  }
}

/** Units that count, hearsay bounded. */
export function countedUnits({ vouched, hearsay }: Effort): number {
  return vouched + HEARSAY_LIMIT * (1 - Math.exp(-hearsay / HEARSAY_LIMIT));
}
