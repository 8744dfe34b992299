import { LEVEL, LEVEL_WIDTH, type ExportReader } from './export.ts';
import { Pairs } from './pairs.ts';

/** Compares universe levels of two exports. */
export class LevelComparison {
  readonly #left: ExportReader;
  readonly #right: ExportReader;
  readonly #seen: Pairs;

  constructor(left: ExportReader, right: ExportReader) {
    this.#left = left;
    this.#right = right;
    this.#seen = new Pairs(right.levelCount);
  }

  /**
   * After a first difference nothing more may be asked. Recursive, as an export's levels are nested within a bound.
   * @throws MalformedExportError where there is too much to compare
   */
  same(left: number, right: number): boolean {
    if (!this.#seen.note(left, right)) return true;
    const l = this.#left.data.levels;
    const r = this.#right.data.levels;
    const [a, b] = [l[left * LEVEL_WIDTH + 1] ?? 0, l[left * LEVEL_WIDTH + 2] ?? 0];
    const [c, d] = [r[right * LEVEL_WIDTH + 1] ?? 0, r[right * LEVEL_WIDTH + 2] ?? 0];
    const operator = l[left * LEVEL_WIDTH];
    if (operator !== r[right * LEVEL_WIDTH]) return false;
    switch (operator) {
      case LEVEL.zero:
        return true;
      case LEVEL.succ:
        return this.same(a, c);
      case LEVEL.param:
        return this.#left.nameKey(a) === this.#right.nameKey(c);
      default:
        return this.same(a, c) && this.same(b, d);
    }
  }
}
