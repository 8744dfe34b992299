import { beforeAll, describe, expect, test } from 'vitest';
import type { Figures } from './simulation/measures.ts';
import { simulate, type SimulationSettings } from './simulation/simulate.ts';

/** Two hours of forty nodes and 400 statements; `test/bench/allocation.ts` runs larger swarms. */
const run = (change: Partial<SimulationSettings> = {}): Figures =>
  simulate({
    seed: 3,
    nodes: 40,
    statements: 400,
    horizonMs: 7_200_000,
    delayMs: 2000,
    dying: 0.15,
    hostile: 0,
    way: 'swarm',
    ...change,
  });

const max = (values: readonly number[]): number => Math.max(...values);
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

let swarm: Figures;
let deaf: Figures;
let random: Figures;
let central: Figures;
beforeAll(() => {
  swarm = run();
  deaf = run({ way: 'deaf' });
  random = run({ way: 'random' });
  central = run({ way: 'central' });
});

describe('a swarm of forty', () => {
  test('seldom works on one statement twice, where it would do so often without claims', () => {
    expect(swarm.avoidable).toBeLessThan(0.06);
    expect(deaf.avoidable).toBeGreaterThan(0.12);
    expect(swarm.repeated).toBeLessThan(0.1);
  });

  test('solves more, and sooner, than by choosing at random, and about as much as with a central scheduler', () => {
    expect(swarm.solved[0]).toBeGreaterThan(1.25 * random.solved[0]);
    expect(swarm.solved[1]).toBeGreaterThan(1.1 * random.solved[1]);
    expect(swarm.solved[2]).toBeGreaterThan(0.9 * central.solved[2]);
  });

  test('drops nothing when claimants die: their statements are free after one lease', () => {
    expect(swarm.freeAgain.length).toBeGreaterThan(2);
    // A lease and the way that gossip takes, looked at every five seconds.
    expect(max(swarm.freeAgain)).toBeLessThan(180 + 20);
    expect(swarm.retaken.length).toBeGreaterThan(2);
    expect(median(swarm.retaken)).toBeLessThan(1800);
  });

  test('is not stopped by slow gossip', () => {
    const slow = run({ delayMs: 20_000 });
    expect(slow.avoidable).toBeLessThan(0.1);
    expect(slow.solved[2]).toBeGreaterThan(0.9 * swarm.solved[2]);
  });
});

describe('with a third as many hostile nodes, four keys each', () => {
  let hostile: Figures;
  beforeAll(() => {
    hostile = run({ hostile: 0.3 });
  });

  test('honest nodes solve nearly as much', () => {
    expect(hostile.solved[2]).toBeGreaterThan(0.9 * swarm.solved[2]);
    expect(hostile.avoidable).toBeLessThan(0.1);
  });

  test('the statements that they try to keep to themselves are worked on all the same', () => {
    expect(hostile.targets).toBeGreaterThan(0.3 * swarm.targets);
  });
});

test('more nodes than statements spread over them', () => {
  const crowd = run({ nodes: 40, statements: 40 });
  const alike = run({ nodes: 40, statements: 40, way: 'deaf' });
  expect(crowd.avoidable).toBeLessThan(0.15);
  expect(crowd.avoidable).toBeLessThan(0.6 * alike.avoidable);
  expect(crowd.untried).toBe(0);
});
