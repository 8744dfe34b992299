import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { apiEventSchema, MAX_REPLIES, MAX_REPLY_TEXT, type ApiEvent } from '../../../core/api/index.ts';
import { BudgetSpent } from '../../../core/node/service/budget-spent.ts';
import { Replies } from '../../../core/node/service/replies.ts';
import type { MixedEvent } from '../../../core/policy/mixed/index.ts';
import { applyToSession } from '../../../renderer/store/session-log.ts';
import { emptyView } from '../../api/support.ts';
import { statement } from '../../support/lean.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function scene() {
  const events: ApiEvent[] = [];
  const replies = new Replies({
    session: 'one',
    emit: (event) => events.push(apiEventSchema.parse(event)),
    now: () => Date.now(),
    roundOf: (rollout) => rollout + 5,
  });
  const prompted = (rollout: number): void =>
    replies.hear({ type: 'llama:prompted', rollout, round: 0, tokens: 100, dropped: [] });
  const write = (rollout: number, piece: string, tokens: number): void =>
    replies.hear({ type: 'llama:writing', rollout, round: 0, piece, tokens });
  return { events, replies, prompted, write };
}

describe('replies in the making', () => {
  test('are told a few times a second, with the session’s own rounds, and gone once they have ended', () => {
    const { events, replies, prompted, write } = scene();
    prompted(1);
    for (let token = 1; token <= 50; token++) {
      write(1, 'x', token);
      vi.advanceTimersByTime(20);
    }
    const grown = events.filter(({ type }) => type === 'prove:replies-grew');
    expect(grown.length).toBeGreaterThanOrEqual(4);
    expect(grown.length).toBeLessThanOrEqual(6);
    vi.advanceTimersByTime(200);
    expect(replies.views).toMatchObject([
      { rollout: 1, round: 6, promptTokens: 100, tokens: 50, text: 'x'.repeat(50), omitted: 0 },
    ]);
    replies.ended(1);
    replies.ended(1);
    expect(replies.views).toEqual([]);
    expect(events.filter(({ type }) => type === 'prove:reply-ended')).toHaveLength(1);
    const told = events.length;
    write(1, 'late', 51);
    vi.advanceTimersByTime(1000);
    expect(events).toHaveLength(told);
  });

  test('of more rollouts than are shown are left out, and nothing is told after the end', () => {
    const { events, replies, prompted, write } = scene();
    for (let rollout = 0; rollout <= MAX_REPLIES; rollout++) prompted(rollout);
    expect(replies.views).toHaveLength(MAX_REPLIES);
    write(0, 'x', 1);
    replies.clear();
    vi.advanceTimersByTime(1000);
    expect(events.some(({ type }) => type === 'prove:replies-grew')).toBe(false);
  });

  test('come to the same at a face, however much is written at once; nothing of it is lost uncounted', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.nat(9000).map((n) => '∀'.repeat(n + 1)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.nat(2), fc.nat(300)), { maxLength: 30 }), (writes) => {
        const { events, replies, prompted, write } = scene();
        for (const rollout of [0, 1, 2]) prompted(rollout);
        const written = ['', '', ''];
        writes.forEach(([text, rollout, pause], index) => {
          write(rollout, text, index + 1);
          written[rollout] = `${written[rollout] ?? ''}${text}`;
          vi.advanceTimersByTime(pause);
        });
        vi.advanceTimersByTime(1000);
        const face = events.reduce(applyToSession, emptyView('one'));
        expect(face.replies).toEqual(replies.views);
        for (const { rollout, text, omitted } of face.replies) {
          const whole = written[rollout] ?? '';
          expect(text.length + omitted).toBe(whole.length);
          expect(text.length).toBeLessThanOrEqual(MAX_REPLY_TEXT);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('what each way was given is counted where it had something to say, and the proof is of the last', () => {
  const spent = new BudgetSpent();
  const event = (
    type: 'mixed:chosen' | 'mixed:played',
    arm: 'opening' | 'search' | 'model',
    round: number,
  ): MixedEvent => ({
    type,
    statement: statement('theorem t : 1 = 1'),
    rollout: 0,
    round,
    arm,
    milliseconds: 10,
  });
  expect(spent.view).toBeUndefined();
  const heard = [
    event('mixed:chosen', 'opening', 0),
    event('mixed:played', 'opening', 0),
    // The search had nothing to say, so that the round went to the model.
    event('mixed:chosen', 'search', 1),
    event('mixed:chosen', 'model', 1),
    event('mixed:played', 'model', 1),
    event('mixed:chosen', 'model', 2),
    event('mixed:played', 'model', 2),
  ].map((one) => spent.hear(one));
  expect(heard.filter(Boolean)).toHaveLength(3);
  spent.proved({ rollout: 0, round: 2 });
  expect(spent.view).toEqual([
    { way: 'opening', rounds: 1, milliseconds: 10, proved: false },
    { way: 'model', rounds: 2, milliseconds: 20, proved: true },
  ]);
});
