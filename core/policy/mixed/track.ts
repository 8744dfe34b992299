import type { Attempt } from '../../record/index.ts';
import type { Arm } from './types.ts';

/** One round of a rollout, spent on one arm. */
interface Play {
  readonly round: number;
  readonly arm: Arm | 'opening';
  readonly started: number;
  ended: number | undefined;
}

/** What is remembered of one rollout: whose round was which, and what came of each policy's last one. */
export class Track {
  readonly plays: Play[] = [];
  readonly exhausted = new Set<Arm>();
  /** Rounds that each policy has had; it is told of no others. */
  quickRounds = 0;
  modelRounds = 0;
  quickPrevious: readonly Attempt[] = [];
  modelPrevious: readonly Attempt[] = [];
  /** What the model left open, until it has been tried. */
  leftovers: readonly Attempt[] = [];

  /** Takes in what came of the round before, and gives it to the policy that had that round. */
  absorb(round: number, previous: readonly Attempt[]): void {
    switch (this.armOf(round - 1)) {
      case 'opening':
      case 'search':
        this.quickPrevious = previous;
        break;
      case 'model':
        this.modelPrevious = previous;
        this.leftovers = previous;
        break;
      case 'leftovers':
      case undefined:
        break;
    }
  }

  armOf(round: number): Arm | 'opening' | undefined {
    return this.plays.findLast((play) => play.round === round)?.arm;
  }

  begin(round: number, arm: Arm | 'opening', now: number): Play {
    const play = { round, arm, started: now, ended: undefined };
    this.plays.push(play);
    return play;
  }
}
