import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  proveSettingsSchema,
  type ApiEvent,
  type ClientUpdate,
  type SessionView,
} from '../../core/api/index.ts';
import { makeStatement } from '../../core/record/index.ts';
import { applyToSession, SessionLog } from '../../renderer/store/session-log.ts';

const { id: statementId, ...statement } = makeStatement({
  environment: { lean: '4.28.0-pre', library: 'core' },
  header: '',
  formal: 'theorem t : True',
  name: 't',
});
const EMPTY: SessionView = {
  session: {
    id: 'one',
    statement: statementId,
    name: 't',
    formal: 'theorem t : True',
    origin: 'user',
    state: 'running',
    settings: proveSettingsSchema.parse({}),
    createdAt: 0,
    rollouts: 1,
    attempts: 0,
  },
  statement,
  premises: [],
  attempts: [],
  omitted: 0,
  checking: [],
  replies: [],
};

/** What a session tells while it tries so many submissions: each is begun, then judged. */
const story = (attempts: number, session = 'one'): ApiEvent[] =>
  Array.from({ length: attempts }, (_, candidate): ApiEvent[] => {
    const place = { rollout: 0, round: 0, candidate };
    return [
      { type: 'prove:check-started', session, place },
      {
        type: 'prove:attempt-finished',
        session,
        attempt: { ...place, verdict: 'failed', summary: '', milliseconds: 1, at: candidate },
      },
    ];
  }).flat();

function feed() {
  const listeners = new Set<(update: ClientUpdate) => void>();
  const answers: PromiseWithResolvers<{ seq: number; view: SessionView }>[] = [];
  return {
    answers,
    tell: (event: ApiEvent, seq: number) => {
      // Only the event is looked at.
      for (const listener of listeners) listener({ kind: 'event', event, seq } as ClientUpdate);
    },
    resync: () => {
      for (const listener of listeners) listener({ kind: 'synced' } as ClientUpdate);
    },
    source: {
      get: () => {
        const answer = Promise.withResolvers<{ seq: number; view: SessionView }>();
        answers.push(answer);
        return answer.promise;
      },
      onUpdate: (listener: (update: ClientUpdate) => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('SessionLog', () => {
  it('comes to the same, whenever the view was read and whenever the answer came', async () => {
    const events = story(6);
    const whole = events.reduce(applyToSession, EMPTY);
    await fc.assert(
      fc.asyncProperty(fc.nat(events.length), fc.nat(events.length), async (read, late) => {
        const { source, tell, answers } = feed();
        const log = new SessionLog(source);
        log.subscribe(() => {});
        const answered = Math.max(read, late);
        events.slice(0, answered).forEach((event, index) => tell(event, index + 1));
        answers[0]?.resolve({ seq: read, view: events.slice(0, read).reduce(applyToSession, EMPTY) });
        await settled();
        events.slice(answered).forEach((event, index) => tell(event, answered + index + 1));
        expect(log.current()).toEqual({ kind: 'ready', value: whole });
      }),
    );
  });

  it('reads anew after events were missed, and forgets the answer that was on its way', async () => {
    const { source, answers, resync } = feed();
    const log = new SessionLog(source);
    log.subscribe(() => {});
    resync();
    const later = story(2).reduce(applyToSession, EMPTY);
    answers[1]?.resolve({ seq: 4, view: later });
    answers[0]?.resolve({ seq: 0, view: EMPTY });
    await settled();
    expect(log.current()).toEqual({ kind: 'ready', value: later });
  });

  it('leaves what other sessions tell alone', () => {
    for (const event of story(2, 'other')) expect(applyToSession(EMPTY, event)).toBe(EMPTY);
  });

  it('shows what is being written, a reply a rollout, and ends with none', () => {
    const reply = { rollout: 1, round: 0, promptTokens: 9, tokens: 0, milliseconds: 0, text: '', omitted: 0 };
    const added = { rollout: 1, tokens: 2, milliseconds: 50, text: 'by omega', omitted: 0 };
    const events: ApiEvent[] = [
      { type: 'prove:reply-started', session: 'one', reply },
      { type: 'prove:reply-started', session: 'one', reply: { ...reply, rollout: 0 } },
      { type: 'prove:replies-grew', session: 'one', added: [added] },
    ];
    const view = events.reduce(applyToSession, EMPTY);
    expect(view.replies).toEqual([
      { ...reply, rollout: 0 },
      { ...reply, tokens: 2, milliseconds: 50, text: 'by omega' },
    ]);
    const ended: ApiEvent = { type: 'prove:reply-ended', session: 'one', rollout: 0 };
    expect(applyToSession(view, ended).replies.map(({ rollout }) => rollout)).toEqual([1]);
    const session = { ...EMPTY.session, state: 'ended' as const, end: 'rounds' as const };
    expect(applyToSession(view, { type: 'prove:session-changed', session }).replies).toEqual([]);
  });

  it('ends with nothing being checked', () => {
    const busy = story(1).slice(0, 1).reduce(applyToSession, EMPTY);
    expect(busy.checking).toHaveLength(1);
    const session = { ...EMPTY.session, state: 'ended' as const, end: 'cancelled' as const };
    expect(applyToSession(busy, { type: 'prove:session-changed', session }).checking).toEqual([]);
  });
});
