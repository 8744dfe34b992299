import { describe, expect, test } from 'vitest';
import {
  apiEventSchema,
  apiStateSchema,
  applyEvent,
  CAPABILITIES,
  commands,
  donationRulesSchema,
  MAX_SAMPLES,
  settingsSchema,
  STATE_LIMITS,
} from '../../core/api/index.ts';
import { emptyState, session } from './support.ts';

describe('applyEvent', () => {
  test('keeps every list within its bound, and sessions under way before ended ones', () => {
    let state = emptyState();
    state = applyEvent(state, { type: 'prove:session-changed', session: session('first') });
    for (let i = 0; i < 3 * STATE_LIMITS.sessions; i++) {
      const ended = session(`ended-${i}`, { state: 'ended', end: 'rounds' });
      state = applyEvent(state, { type: 'prove:session-changed', session: ended });
    }
    expect(state.sessions).toHaveLength(STATE_LIMITS.sessions);
    expect(state.sessions.map(({ id }) => id)).toContain('first');
    const today = { day: '2026-01-01', found: 0, received: 0, attempts: 1 };
    for (let at = 0; at <= MAX_SAMPLES; at++) {
      const sample = { at, attempts: 1, generatedTokens: 0, found: 0, received: 0 };
      state = applyEvent(state, { type: 'activity:sampled', sample, today });
    }
    expect(state.activity.samples).toHaveLength(MAX_SAMPLES);
    expect(state.activity.samples[0]?.at).toBe(1);
    expect(apiStateSchema.safeParse(state).success).toBe(true);
  });

  test('counts attempts of the session they belong to, and of the bank', () => {
    let state = applyEvent(emptyState(), { type: 'prove:session-changed', session: session('a') });
    state = applyEvent(state, { type: 'prove:session-changed', session: session('b') });
    const attempt = {
      rollout: 0,
      round: 0,
      candidate: 0,
      verdict: 'failed' as const,
      summary: 'unsolved goals',
      milliseconds: 8,
      at: 20,
    };
    state = applyEvent(state, { type: 'prove:attempt-finished', session: 'a', attempt });
    expect(state.sessions.map(({ id, attempts }) => [id, attempts])).toEqual([
      ['b', 0],
      ['a', 1],
    ]);
    // Those of the bank grow with them, whether or not a proof is ever found.
    expect(state.bank.attempts).toBe(emptyState().bank.attempts + 1);
    expect(state.acceptance).toEqual([]);
  });

  test('counts what Lean said to a language model by round, the last ones together', () => {
    let state = emptyState();
    const add = (round: number, verdict: 'failed' | 'proved', generatedTokens?: number): void => {
      const attempt = { rollout: 0, round, candidate: 0, verdict, summary: '', milliseconds: 8, at: 20 };
      const row = generatedTokens === undefined ? attempt : { ...attempt, generatedTokens };
      state = applyEvent(state, { type: 'prove:attempt-finished', session: 'a', attempt: row });
    };
    add(1, 'failed', 30);
    add(0, 'failed', 20);
    add(0, 'proved', 20);
    // The portfolio's own.
    add(0, 'proved');
    for (let round = 2; round < 500; round++) add(round, 'failed', 10);
    expect(state.acceptance.slice(0, 2)).toEqual([
      { round: 0, attempts: 2, accepted: 1 },
      { round: 1, attempts: 1, accepted: 0 },
    ]);
    expect(state.acceptance.at(-1)).toEqual({ round: 63, attempts: 437, accepted: 0 });
    expect(apiStateSchema.safeParse(state).success).toBe(true);
  });
});

describe('the schemas', () => {
  test('an empty settings file is a complete one', () => {
    const settings = settingsSchema.parse({});
    expect(settings.network.enabled).toBe(false);
    expect(settings.donation.when).toEqual({ kind: 'idle', minutes: 5 });
    expect(settingsSchema.parse(settings)).toEqual(settings);
  });

  test('lists are read in pages of a bounded size', () => {
    expect(commands['statements.list'].input.safeParse({ limit: 1_000_000 }).success).toBe(false);
    expect(commands['statements.list'].input.parse({}).limit).toBe(50);
  });

  test.each(['25:00', '7:00', '12:60', ''])('%j is no time of day', (from) => {
    const when = { kind: 'schedule', spans: [{ days: [1], from, to: '12:00' }] };
    expect(donationRulesSchema.safeParse({ when }).success).toBe(false);
  });

  test('inputs take no unknown fields, events no unknown kinds', () => {
    expect(commands['prove.stop'].input.safeParse({ session: 'a', force: true }).success).toBe(false);
    expect(apiEventSchema.safeParse({ type: 'node:exploded' }).success).toBe(false);
    expect(new Set(CAPABILITIES).size).toBe(CAPABILITIES.length);
  });
});
