import type { Candidate, Strength } from './types.ts';
import { countedUnits, type Effort } from './effort-ledger.ts';

/**
 * Prior of the rate at which work solves a statement: a gamma distribution of this shape whose scale, in seconds of the
 * reference node, goes with the difficulty. A shape below 1 puts much weight on statements that will never yield.
 */
const SHAPE = 0.7;
const SCALE = { easy: 30, medium: 300, hard: 3000, 'open-ended': 30_000, unknown: 1000 } as const;

/** How much of the work by another method tells about one's own chances. */
const OTHER_MODEL = 0.7;
const OTHER_POLICY = 0.5;
/** Tries this near in length count as equal: what others report is a little less than what they did. */
const SAME_LENGTH = 0.9;
/** What is left of the chance where the policy would only repeat a try that failed: the bank may have grown. */
const REPEATED = 0.02;

/**
 * Chance that one try of this node solves the statement, given all that has failed on it. With a gamma prior of the
 * rate, no success in `T` units leaves `P(success in E more) = 1 − ((b + T) / (b + T + E))^a`. It falls as others fail,
 * and falls less for a node whose try is long: strong nodes turn to what is hard without being told.
 */
export function expectedGain(
  difficulty: Candidate['difficulty'],
  efforts: readonly Effort[],
  strength: Strength,
): number {
  const own = strength.speed * strength.secondsPerTry;
  let tried = 0;
  let repeated = false;
  for (const effort of efforts) {
    const samePolicy = effort.policy === strength.policy;
    const same = samePolicy && effort.model === strength.model;
    tried += countedUnits(effort) * (same ? 1 : samePolicy ? OTHER_MODEL : OTHER_POLICY);
    if (same && strength.repeats && effort.longestTry >= SAME_LENGTH * own) repeated = true;
  }
  const spent = SCALE[difficulty ?? 'unknown'] + tried;
  const chance = 1 - (spent / (spent + own)) ** SHAPE;
  return repeated ? chance * REPEATED : chance;
}

/** Seconds of the reference node that have gone into a statement, by whatever method. */
export function totalUnits(efforts: readonly Effort[]): number {
  return efforts.reduce((sum, effort) => sum + countedUnits(effort), 0);
}
