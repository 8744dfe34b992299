import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choose, LEAST_SHARE, shares } from '../../../core/policy/mixed/bandit.ts';
import { kindsOf } from '../../../core/policy/mixed/kind.ts';
import { Ledger, ledgerSchema, type Tally } from '../../../core/policy/mixed/ledger.ts';
import { beta, seeded } from '../../../core/policy/mixed/random.ts';
import { ARMS, type Arm } from '../../../core/policy/mixed/index.ts';
import { DIFFICULTIES } from '../../../core/record/index.ts';
import { statement } from '../states.ts';

const arms = fc.constantFrom(...ARMS);
const tallies = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 1e6 }))
  .map(([a, b, milliseconds]): Tally => ({ rounds: Math.max(a, b), proofs: Math.min(a, b), milliseconds }));
const kindPaths = fc
  .tuple(fc.constantFrom('easy', 'hard'), fc.constantFrom('short', 'long'), fc.constantFrom('nat', 'list'))
  .map(([difficulty, size, topic]) => [
    'all',
    difficulty,
    `${difficulty}, ${size}`,
    `${difficulty}, ${size}, ${topic}`,
  ]);
const histories = fc.array(fc.tuple(kindPaths, arms, tallies), { maxLength: 40 });

function ledgerOf(history: readonly (readonly [readonly string[], Arm, Tally])[]): Ledger {
  const ledger = new Ledger('m');
  for (const [kinds, arm, tally] of history) ledger.record(kinds, arm, tally);
  return ledger;
}

describe('random numbers', () => {
  test('are the same for the same seed, others for another, and lie between 0 and 1', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const numbers = (seed: string): number[] => Array.from({ length: 20 }, seeded(seed));
        expect(numbers(a)).toEqual(numbers(a));
        if (a !== b) expect(numbers(a)).not.toEqual(numbers(b));
        for (const n of numbers(a)) expect(n >= 0 && n < 1).toBe(true);
      }),
    );
  });

  test.each([
    [0.4, 3.6],
    [0.001, 0.002],
    [5, 1],
    [200, 800],
  ])('of Beta(%d, %d) have its mean and spread', (a, b) => {
    const random = seeded('beta', a, b);
    const draws = Array.from({ length: 20_000 }, () => beta(a, b, random));
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
    const expected = (a * b) / ((a + b) ** 2 * (a + b + 1));
    expect(draws.every((x) => x >= 0 && x <= 1)).toBe(true);
    expect(mean).toBeCloseTo(a / (a + b), 1.5);
    expect(variance / expected).toBeGreaterThan(0.9);
    expect(variance / expected).toBeLessThan(1.1);
  });
});

describe('whatever was seen', () => {
  test('shares sum to one, no arm gets less than the least, and all is explained', () => {
    fc.assert(
      fc.property(histories, kindPaths, (history, kinds) => {
        const rows = shares(ledgerOf(history), kinds);
        expect(rows.map(({ arm }) => arm)).toEqual([...ARMS]);
        expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
        expect(rows.reduce((sum, { timeShare }) => sum + timeShare, 0)).toBeCloseTo(1);
        for (const row of rows) {
          expect(row.share).toBeGreaterThanOrEqual(LEAST_SHARE - 1e-9);
          expect(row.chance > 0 && row.chance < 1).toBe(true);
          expect(row.seconds).toBeGreaterThan(0);
          expect(row.why).toMatch(/gets \d+% of the rounds: /);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('what is chosen is available, and the same again for the same seed', () => {
    const some = fc.subarray([...ARMS]);
    fc.assert(
      fc.property(histories, kindPaths, some, fc.nat(), (history, kinds, available, seed) => {
        const ledger = ledgerOf(history);
        const pick = (): Arm | undefined => choose(ledger, kinds, available, seeded(seed));
        const chosen = pick();
        expect(pick()).toBe(chosen);
        if (available.length === 0) expect(chosen).toBeUndefined();
        else expect(available).toContain(chosen);
      }),
    );
  });

  test('state survives a round trip through JSON', () => {
    fc.assert(
      fc.property(histories, kindPaths, (history, kinds) => {
        const ledger = ledgerOf(history);
        const read = new Ledger('m', ledgerSchema.parse(JSON.parse(JSON.stringify(ledger.state))));
        expect(read.state).toEqual(ledger.state);
        expect(shares(read, kinds)).toEqual(shares(ledger, kinds));
      }),
      { numRuns: 30 },
    );
  });

  test('it stays bounded, and forgets what is long ago', () => {
    const ledger = new Ledger('m');
    for (let i = 0; i < 3000; i++)
      ledger.record(['all', `kind ${i}`], 'search', { rounds: 1, proofs: 1, milliseconds: 1 });
    expect(ledger.state.kinds.length).toBeLessThanOrEqual(1000);
    expect(ledgerSchema.safeParse(ledger.state).success).toBe(true);
    expect(ledger.seen(['all'], 'search').rounds).toBeLessThanOrEqual(400);
    for (let i = 0; i < 600; i++) ledger.record(['all'], 'search', { rounds: 1, proofs: 0, milliseconds: 1 });
    const { proofs, rounds } = ledger.believe(['all'], 'search');
    expect(proofs / rounds).toBeLessThan(0.4);
  });
});

describe('in a world where one arm pays', () => {
  interface World {
    readonly chance: number;
    readonly seconds: number;
  }

  /** Plays so many rounds, and tells how often each arm had one in the last half. */
  function play(
    world: Readonly<Record<Arm, World>>,
    kinds: readonly string[],
    rounds: number,
    ledger = new Ledger('m'),
  ): Record<Arm, number> {
    const counts: Record<Arm, number> = { search: 0, model: 0, leftovers: 0 };
    const nature = seeded('nature', JSON.stringify(world));
    for (let i = 0; i < rounds; i++) {
      const arm = choose(ledger, kinds, ARMS, seeded('choice', i)) ?? 'search';
      const { chance, seconds } = world[arm];
      ledger.record(kinds, arm, {
        rounds: 1,
        proofs: nature() < chance ? 1 : 0,
        milliseconds: seconds * 1000,
      });
      if (i >= rounds / 2) counts[arm]++;
    }
    return counts;
  }

  const dull: World = { chance: 0.02, seconds: 5 };

  test.each(ARMS)('%s gets most rounds, and no other none', (best) => {
    const world = { search: dull, model: dull, leftovers: dull, [best]: { chance: 0.3, seconds: 5 } };
    const counts = play(world, ['all'], 800);
    expect(counts[best]).toBeGreaterThan(0.7 * 400);
    for (const arm of ARMS) expect(counts[arm]).toBeGreaterThan(0.02 * 400);
  });

  test('time counts: of equal chances, the quicker gets more', () => {
    const world = {
      search: { chance: 0.1, seconds: 1 },
      model: { chance: 0.1, seconds: 30 },
      leftovers: dull,
    };
    const counts = play(world, ['all'], 600);
    expect(counts.search).toBeGreaterThan(4 * counts.model);
  });

  test('but a slow arm that proves what others never do gets most', () => {
    const never = { chance: 0, seconds: 2 };
    const counts = play(
      { search: never, model: { chance: 0.3, seconds: 20 }, leftovers: never },
      ['all'],
      1200,
    );
    expect(counts.model).toBeGreaterThan(counts.search + counts.leftovers);
  });

  test('kinds are told apart', () => {
    const ledger = new Ledger('m');
    const good: World = { chance: 0.4, seconds: 5 };
    const easy = ['all', 'easy'];
    const hard = ['all', 'hard'];
    for (let i = 0; i < 8; i++) {
      play({ search: good, model: dull, leftovers: dull }, easy, 60, ledger);
      play({ search: dull, model: good, leftovers: dull }, hard, 60, ledger);
    }
    const share = (kinds: readonly string[], arm: Arm): number =>
      shares(ledger, kinds).find((row) => row.arm === arm)?.share ?? 0;
    expect(share(easy, 'search')).toBeGreaterThan(0.6);
    expect(share(hard, 'model')).toBeGreaterThan(0.6);
  });

  test('what was never seen is guessed from the wider kind', () => {
    const ledger = new Ledger('m');
    play({ search: dull, model: { chance: 0.4, seconds: 5 }, leftovers: dull }, ['all', 'hard'], 300, ledger);
    const rows = shares(ledger, ['all', 'hard', 'hard, long', 'hard, long, graphs']);
    expect(rows.find(({ arm }) => arm === 'model')).toMatchObject({
      share: expect.toSatisfy((share: number) => share > 0.5) as number,
      why: expect.stringMatching(
        /proofs in \d+ rounds of some 5\.0 s on statements that are hard$/,
      ) as string,
    });
  });
});

describe('kinds', () => {
  test('are few and short, whatever a statement says of itself', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DIFFICULTIES, undefined),
        fc.option(fc.string({ maxLength: 100 }), { nil: undefined }),
        fc.nat({ max: 5000 }),
        (difficulty, topic, length) => {
          const kinds = kindsOf({
            header: ' '.repeat(length),
            formal: 'theorem t : True',
            difficulty,
            topic,
          });
          expect(kinds[0]).toBe('all');
          expect(kinds.length).toBeLessThanOrEqual(4);
          for (const kind of kinds) expect(kind.length).toBeLessThan(100);
        },
      ),
    );
    expect(kindsOf(statement('theorem t : True'))).toEqual([
      'all',
      'of unknown difficulty',
      'of unknown difficulty, short',
    ]);
  });
});
