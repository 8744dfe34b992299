import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, known, unknown, type Control, type Readings } from '../../../core/node/donation/index.ts';
import { calm, rules } from './support.ts';

const ON: Control = { kind: 'on' };
const NOON = new Date('2026-01-02T12:00:00').getTime();
const reasons = (input: unknown, readings: Readings, control: Control = ON): string[] =>
  decide(rules(input), control, readings, NOON).reasons.map(({ kind }) => kind);
const always = { kind: 'always' };

describe('each rule by itself', () => {
  test.each([
    ['nothing stands against it', { when: always }, calm(), []],
    ['battery', { when: always }, calm({ battery: known({ onBattery: true, percent: 80 }) }), ['battery']],
    [
      'battery, which the user does not mind',
      { when: always, pauseOn: { battery: false } },
      calm({ battery: known({ onBattery: true, percent: 80 }) }),
      [],
    ],
    [
      'a battery that is charging, but low',
      { when: always, pauseOn: { batteryBelow: 30 } },
      calm({ battery: known({ onBattery: false, percent: 29 }) }),
      ['battery-low'],
    ],
    ['a metered connection', { when: always }, calm({ metered: known(true) }), ['metered']],
    [
      'not idle for long enough',
      { when: { kind: 'idle', minutes: 5 } },
      calm({ idle: known(299) }),
      ['not-idle'],
    ],
    ['idle for long enough', { when: { kind: 'idle', minutes: 5 } }, calm({ idle: known(300) }), []],
    [
      'the user is active',
      { when: always, pauseOn: { userActive: true } },
      calm({ idle: known(59) }),
      ['user-active'],
    ],
    [
      'a chosen program runs, however it is written',
      { when: always, pauseOn: { programs: ['Blender', 'game'] } },
      calm({ programs: known(['systemd', 'blender.exe']) }),
      ['program'],
    ],
    [
      'more on disk than allowed',
      { when: always, limits: { diskBytes: 1e9 } },
      calm({ disk: known({ freeBytes: 50e9, usedBytes: 2e9 }) }),
      ['disk'],
    ],
    ['a disk that is full', { when: always }, calm({ disk: known({ freeBytes: 10e6 }) }), ['disk-full']],
    [
      'outside the schedule',
      { when: { kind: 'schedule', spans: [{ days: [5], from: '18:00', to: '20:00' }] } },
      calm(),
      ['schedule'],
    ],
  ])('%s', (_, input, readings, expected) => {
    expect(reasons(input, readings)).toEqual(expected);
  });

  test('all reasons are told at once', () => {
    const readings = calm({ battery: known({ onBattery: true }), metered: known(true) });
    const paused = { kind: 'paused' } as const;
    expect(reasons({ when: always }, readings, paused)).toEqual(['user', 'battery', 'metered']);
  });

  test('the schedule says when it goes on', () => {
    const when = { kind: 'schedule', spans: [{ days: [5], from: '18:00', to: '20:00' }] };
    const { nextAt } = decide(rules({ when }), ON, calm(), NOON);
    expect(nextAt).toBe(new Date('2026-01-02T18:00:00').getTime());
  });

  test('a pause ends by itself', () => {
    const control = { kind: 'paused', until: NOON + 1000 } as const;
    const decision = decide(rules(), control, calm(), NOON);
    expect(decision).toMatchObject({ mayWork: false, nextAt: NOON + 1000 });
    expect(decide(rules(), control, calm(), NOON + 1000).mayWork).toBe(true);
  });
});

describe('a sensor that cannot tell', () => {
  const silent = unknown('Wayland tells no program');

  test('keeps a machine from working whose user wants it idle, and says why', () => {
    const decision = decide(rules({ when: { kind: 'idle', minutes: 5 } }), ON, calm({ idle: silent }), NOON);
    expect(decision.reasons).toEqual([{ kind: 'idle-unknown', detail: silent.detail }]);
    expect(decision.gaps).toEqual([{ sensor: 'idle', detail: silent.detail }]);
  });

  test('is told of where a rule asks it, and not where none does', () => {
    const readings = calm({ battery: silent, metered: silent, programs: silent });
    const asked = decide(rules(), ON, readings, NOON);
    expect(asked.mayWork).toBe(true);
    expect(asked.gaps.map(({ sensor }) => sensor)).toEqual(['battery', 'metered']);
    const quiet = rules({ when: always, pauseOn: { battery: false, metered: false } });
    expect(decide(quiet, ON, readings, NOON).gaps).toEqual([]);
  });
});

describe('for every rule, reading and clock', () => {
  const reading = <T>(value: fc.Arbitrary<T>) => fc.oneof(value.map(known), fc.constant(unknown('silent')));
  const readings: fc.Arbitrary<Readings> = fc.record({
    idle: reading(fc.nat(100_000)),
    battery: reading(fc.record({ onBattery: fc.boolean(), percent: fc.nat(100) })),
    metered: reading(fc.boolean()),
    programs: reading(fc.array(fc.constantFrom('blender', 'game', 'init'))),
    disk: reading(fc.record({ freeBytes: fc.nat(4_000_000_000), usedBytes: fc.nat(4_000_000_000) })),
  });
  const input = fc.record({
    when: fc.oneof(
      fc.constant(always),
      fc.record({ kind: fc.constant('idle'), minutes: fc.integer({ min: 1, max: 240 }) }),
      fc.constant({ kind: 'schedule', spans: [{ days: [1, 3, 5], from: '10:00', to: '02:00' }] }),
    ),
    pauseOn: fc.record({
      battery: fc.boolean(),
      batteryBelow: fc.nat(100),
      metered: fc.boolean(),
      userActive: fc.boolean(),
      programs: fc.subarray(['blender', 'game']),
    }),
    limits: fc.constantFrom({}, { diskBytes: 1e9 }),
  });
  const control: fc.Arbitrary<Control> = fc.oneof(
    fc.constantFrom<Control>({ kind: 'on' }, { kind: 'stopped' }, { kind: 'finishing' }, { kind: 'paused' }),
    fc.integer({ min: -100_000, max: 100_000 }).map((by): Control => ({ kind: 'paused', until: NOON + by })),
  );

  test('it works exactly when no reason stands against it; the next time is in the future', () => {
    fc.assert(
      fc.property(input, control, readings, (given, order, read) => {
        const decision = decide(rules(given), order, read, NOON);
        expect(decision.mayWork).toBe(decision.reasons.length === 0);
        if (decision.nextAt !== undefined) expect(decision.nextAt).toBeGreaterThan(NOON);
        if (order.kind === 'stopped') expect(decision.mayWork).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test('a machine that is more at rest never works less', () => {
    fc.assert(
      fc.property(input, control, readings, (given, order, read) => {
        const before = decide(rules(given), order, read, NOON).reasons;
        const after = decide(rules(given), order, calm(), NOON).reasons;
        const kinds = new Set(before.map(({ kind }) => kind));
        expect(after.filter(({ kind }) => !kinds.has(kind))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
