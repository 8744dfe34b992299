import type { Refusal } from '../../api/index.ts';
import { Throttle } from '../throttle.ts';

const TELL_MS = 500;

/** Tells of what was refused: of each kind the newest, twice a second at most, however many peers send. The log has all. */
export class RefusalNews {
  readonly #newest = new Map<Refusal['kind'], Refusal>();
  readonly #throttle: Throttle;

  constructor(tell: (refusal: Refusal) => void) {
    this.#throttle = new Throttle(TELL_MS, () => {
      const untold = [...this.#newest.values()];
      this.#newest.clear();
      for (const refusal of untold) tell(refusal);
    });
  }

  add(refusal: Refusal): void {
    this.#newest.set(refusal.kind, refusal);
    this.#throttle.soon();
  }

  stop(): void {
    this.#throttle.cancel();
  }
}
