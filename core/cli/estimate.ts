import { formatDuration } from './terminal.ts';
import type { Statement } from '../record/index.ts';

type Difficulty = NonNullable<Statement['difficulty']> | 'unknown';

/** Share of its budget that a statement takes which the portfolio has not been seen to try: a guess, until it is measured. */
const PRIOR_SHARE: Readonly<Record<Difficulty, number>> = {
  easy: 0.15,
  medium: 0.5,
  hard: 0.9,
  'open-ended': 1,
  unknown: 0.5,
};
/** The guess weighs as much as so many measured statements. */
const PRIOR_WEIGHT = 2;

/** What is known of the statements that an estimate is for. */
export interface EstimateInit {
  readonly statements: readonly Pick<Statement, 'difficulty'>[];
  /** Seconds that a statement may take. */
  readonly budget: number;
  /** Statements tried at one time. */
  readonly jobs: number;
}

/**
 * What is left of a run. Packs are sorted by difficulty, so the pace of the first statements says little of the last:
 * each difficulty has its own mean, which starts as a guess from the budget.
 */
export class Estimate {
  readonly #init: EstimateInit;
  readonly #left = new Map<Difficulty, number>();
  readonly #seen = new Map<Difficulty, { count: number; seconds: number }>();
  #done = 0;
  #lastDone: number;

  constructor(init: EstimateInit, started: number = performance.now()) {
    this.#init = init;
    this.#lastDone = started;
    for (const statement of init.statements) {
      const difficulty = statement.difficulty ?? 'unknown';
      this.#left.set(difficulty, (this.#left.get(difficulty) ?? 0) + 1);
    }
  }

  /** @param seconds that the statement took */
  advance(statement: Pick<Statement, 'difficulty'>, seconds: number, now: number = performance.now()): void {
    this.#lastDone = now;
    const difficulty: Difficulty = statement.difficulty ?? 'unknown';
    const seen = this.#seen.get(difficulty) ?? { count: 0, seconds: 0 };
    this.#seen.set(difficulty, { count: seen.count + 1, seconds: seen.seconds + seconds });
    this.#left.set(difficulty, (this.#left.get(difficulty) ?? 1) - 1);
    this.#done++;
  }

  /** Seconds until the end, fewer while a statement is worked on; undefined before anything can be said. */
  remaining(now: number = performance.now()): number | undefined {
    const total = this.#init.statements.length;
    if (this.#done < Math.min(3, Math.ceil(total / 2))) return undefined;
    const left = total - this.#done;
    if (left === 0) return 0;
    let seconds = 0;
    for (const [difficulty, count] of this.#left) seconds += count * this.#mean(difficulty);
    seconds /= Math.min(this.#init.jobs, left);
    // One that takes long does not make the others quicker: no more than its own share goes by.
    return seconds - Math.min((now - this.#lastDone) / 1000, seconds / left);
  }

  text(): string {
    if (this.#done >= this.#init.statements.length) return 'all done';
    const seconds = this.remaining();
    return seconds === undefined ? 'estimating' : `about ${formatDuration(seconds)} left`;
  }

  #mean(difficulty: Difficulty): number {
    const seen = this.#seen.get(difficulty);
    const guess = PRIOR_WEIGHT * PRIOR_SHARE[difficulty] * this.#init.budget;
    return (guess + (seen?.seconds ?? 0)) / (PRIOR_WEIGHT + (seen?.count ?? 0));
  }
}
