import { BUDGET_WAYS, type BudgetShareView, type BudgetWay, type Spent } from '../../api/index.ts';
import type { PolicyEvent } from '../policies.ts';
import type { BudgetShare } from '../prover.ts';

/** What each way of the mixed policy was given of one session's budget, and which of them proved it. */
export class BudgetSpent {
  readonly #spent = new Map<BudgetWay, Spent>();
  readonly #ways = new Map<string, BudgetWay>();

  /** Undefined where no policy has divided it. */
  get view(): Spent[] | undefined {
    if (this.#spent.size === 0) return undefined;
    return BUDGET_WAYS.flatMap((way) => this.#spent.get(way) ?? []);
  }

  /** Whether something was spent. */
  hear(event: PolicyEvent): boolean {
    if (event.type === 'mixed:chosen') this.#ways.set(keyOf(event), event.arm);
    if (event.type !== 'mixed:played') return false;
    const { arm: way, milliseconds } = event;
    const before = this.#spent.get(way) ?? { way, rounds: 0, milliseconds: 0, proved: false };
    this.#spent.set(way, {
      ...before,
      rounds: before.rounds + 1,
      milliseconds: before.milliseconds + Math.max(0, milliseconds),
    });
    return true;
  }

  proved(place: { readonly rollout: number; readonly round: number }): void {
    const way = this.#ways.get(keyOf(place));
    const spent = way && this.#spent.get(way);
    if (spent !== undefined) this.#spent.set(spent.way, { ...spent, proved: true });
  }
}

export const budgetView = (shares: readonly BudgetShare[]): BudgetShareView[] =>
  shares.map(({ arm: way, share, timeShare, rounds, proofs, seconds }) => ({
    way,
    share,
    timeShare,
    rounds,
    proofs,
    seconds,
  }));

const keyOf = ({ rollout, round }: { readonly rollout: number; readonly round: number }): string =>
  `${rollout}.${round}`;
