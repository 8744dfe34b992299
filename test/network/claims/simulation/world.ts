import { DIFFICULTIES } from '../../../../core/record/index.ts';
import type { Candidate, Strength } from '../../../../core/network/claims/index.ts';
import { Random } from './random.ts';

/** How nodes work: one policy that repeats itself, and two models that sample. */
export const METHODS = [
  { policy: 'portfolio', repeats: true },
  { policy: 'llama', model: 'a', repeats: false },
  { policy: 'llama', model: 'b', repeats: false },
] as const;

export const SECONDS_PER_TRY = 300;

export interface SimulatedStatement {
  readonly candidate: Candidate;
  /** By method: the mean work that solves it (for one that repeats: the work), in seconds of the reference node. */
  readonly work: readonly number[];
}

export interface SimulatedNode {
  readonly peer: string;
  readonly method: number;
  readonly strength: Strength;
  /** How long gossip takes to reach it, in milliseconds. */
  readonly delayMs: number;
  /** When it dies without a word, in milliseconds; undefined where it lives on. */
  readonly diesAt: number | undefined;
}

export interface WorldSettings {
  readonly seed: number;
  readonly nodes: number;
  readonly statements: number;
  readonly horizonMs: number;
  /** Median delay of gossip in milliseconds; single nodes have up to some times more. */
  readonly delayMs: number;
  /** Share of the nodes that die in the course of the run. */
  readonly dying: number;
}

export interface World {
  readonly statements: readonly SimulatedStatement[];
  readonly nodes: readonly SimulatedNode[];
}

/** Median work by difficulty; unlike the allocator's prior in form, so that the allocator is not simply told. */
const MEDIAN_WORK = [60, 800, 8000, 80_000] as const;

export function makeWorld(settings: WorldSettings): World {
  const random = new Random(settings.seed);
  const statements = Array.from({ length: settings.statements }, (_, i): SimulatedStatement => {
    const level = random.below(4);
    const work = (MEDIAN_WORK[level] ?? 60) * Math.exp(1.5 * random.normal());
    return {
      candidate: {
        id: `statement-${i}`,
        environment: { lean: '4', library: 'core' },
        priority: 4,
        // A fifth comes without a label, and labels are wrong now and then.
        difficulty:
          random.next() < 0.2 ? undefined : DIFFICULTIES[random.next() < 0.1 ? random.below(4) : level],
      },
      work: METHODS.map(() => work * Math.exp(0.7 * random.normal())),
    };
  });
  const nodes = Array.from({ length: settings.nodes }, (_, i): SimulatedNode => {
    const method = random.below(METHODS.length);
    const speed = Math.min(10, Math.max(0.1, Math.exp(0.8 * random.normal())));
    return {
      peer: `node-${i}`,
      method,
      strength: {
        ...(METHODS[method] ?? METHODS[0]),
        speed,
        secondsPerTry: SECONDS_PER_TRY,
        supports: () => true,
      },
      delayMs: settings.delayMs * Math.exp(0.5 * random.normal()),
      diesAt: random.next() < settings.dying ? settings.horizonMs * (0.1 + 0.7 * random.next()) : undefined,
    };
  });
  return { statements, nodes };
}
