import { describe, expect, test } from 'vitest';
import { ApiError, proveSettingsSchema, type ApiEvent } from '../../../core/api/index.ts';
import type { StatementResult } from '../../../core/node/index.ts';
import { ProveSessions } from '../../../core/node/service/sessions.ts';
import { makeStatement, type Attempt, type Statement } from '../../../core/record/index.ts';
import type { RepairEvent } from '../../../core/repair/index.ts';

const SETTINGS = proveSettingsSchema.parse({});

const statement = (n: number): Statement =>
  makeStatement({
    environment: { lean: '4.28.0-pre', library: 'core' },
    header: '',
    formal: `theorem t${n} : ${n} = ${n}`,
    name: `t${n}`,
  });

const attempt = (of: Statement, candidate: number): Attempt => ({
  statement: of.id,
  rollout: 0,
  round: 0,
  candidate,
  policy: 'portfolio',
  submission: 'x',
  retrieved: [],
  verdict: {
    kind: 'failed',
    diagnostics: [
      { severity: 'error', position: { line: 1, column: 0 }, message: 'unsolved\n  goals', kind: '' },
    ],
    goals: [],
    milliseconds: 1,
  },
  cost: { milliseconds: 1 },
});

interface Run {
  readonly statement: Statement;
  readonly signal: AbortSignal;
  readonly tell: (event: RepairEvent) => void;
  readonly finish: (result?: StatementResult) => void;
  readonly fail: (error: Error) => void;
}

/** Sessions whose work the test does by hand. */
function scene(jobs: number) {
  const events: ApiEvent[] = [];
  const runs: Run[] = [];
  const sessions = new ProveSessions(
    {
      now: () => 1000,
      emit: (event) => events.push(event),
      prove: (of, _, { signal, onEvent }) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => resolve(undefined));
          runs.push({ statement: of, signal, tell: onEvent, finish: resolve, fail: reject });
        }),
    },
    { jobs },
  );
  return { sessions, events, runs };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ProveSessions', () => {
  test("the user's run so many at one time, the others wait their turn", async () => {
    const { sessions, runs } = scene(1);
    const [a, b] = [
      sessions.start(statement(1), SETTINGS, 'user'),
      sessions.start(statement(2), SETTINGS, 'user'),
    ];
    expect([a.summary.state, b.summary.state]).toEqual(['running', 'waiting']);
    runs[0]?.finish();
    await settle();
    expect([a.summary.state, b.summary.state]).toEqual(['ended', 'running']);
  });

  test('a donation makes nobody wait', () => {
    const { sessions } = scene(1);
    sessions.start(statement(1), SETTINGS, 'donation');
    expect(sessions.start(statement(2), SETTINGS, 'user').summary.state).toBe('running');
  });

  test('one that waits can be stopped as well', async () => {
    const { sessions, runs } = scene(1);
    sessions.start(statement(1), SETTINGS, 'user');
    const waiting = sessions.start(statement(2), SETTINGS, 'user');
    sessions.stop(waiting.id);
    expect(waiting.summary).toMatchObject({ state: 'ended', end: 'cancelled' });
    runs[0]?.finish();
    await settle();
    expect(runs).toHaveLength(1);
  });

  test('the timeline holds what the loop told, in order', () => {
    const { sessions, runs, events } = scene(1);
    const session = sessions.start(statement(1), SETTINGS, 'user');
    const tell = runs[0]?.tell ?? (() => undefined);
    tell({ type: 'repair:rollout-started', rollout: 0 });
    tell({ type: 'repair:check-started', rollout: 0, round: 0, candidate: 0, submission: 'x' });
    expect(session.view().checking).toEqual([{ rollout: 0, round: 0, candidate: 0 }]);
    tell({ type: 'repair:attempt-finished', attempt: attempt(statement(1), 0) });
    const view = session.view();
    expect(view.checking).toEqual([]);
    expect(view.attempts[0]).toMatchObject({ verdict: 'failed', summary: 'unsolved goals' });
    expect(view.session).toMatchObject({ attempts: 1, rollouts: 1 });
    expect(events.map(({ type }) => type)).toEqual([
      'prove:session-changed',
      'prove:session-changed',
      'prove:session-changed',
      'prove:rollout-started',
      'prove:check-started',
      'prove:attempt-finished',
    ]);
  });

  test('a fault ends one session, says why, and keeps the others going', async () => {
    const { sessions, runs } = scene(1);
    const session = sessions.start(statement(1), SETTINGS, 'user');
    const other = sessions.start(statement(2), SETTINGS, 'user');
    runs[0]?.fail(new Error('Lean is gone'));
    await settle();
    expect(session.summary).toMatchObject({ end: 'failed', detail: 'Lean is gone' });
    expect(other.summary.state).toBe('running');
  });

  test('a long session keeps its last attempts and counts the others', () => {
    const { sessions, runs } = scene(1);
    const session = sessions.start(statement(1), SETTINGS, 'user');
    for (let i = 0; i < 2100; i++) {
      runs[0]?.tell({ type: 'repair:attempt-finished', attempt: attempt(statement(1), i) });
    }
    const view = session.view();
    expect(view.attempts).toHaveLength(2000);
    expect(view.omitted).toBe(100);
    expect(view.attempts[0]?.candidate).toBe(100);
    expect(view.session.attempts).toBe(2100);
  });

  test('closing stops all and takes no more', async () => {
    const { sessions, runs } = scene(1);
    const running = sessions.start(statement(1), SETTINGS, 'user');
    const waiting = sessions.start(statement(2), SETTINGS, 'user');
    await sessions.close();
    expect(runs[0]?.signal.aborted).toBe(true);
    expect([running.summary.end, waiting.summary.end]).toEqual(['cancelled', 'cancelled']);
    expect(() => sessions.start(statement(3), SETTINGS, 'user')).toThrow(ApiError);
  });

  test('only what has ended can be taken from the list', async () => {
    const { sessions, runs } = scene(1);
    const { id } = sessions.start(statement(1), SETTINGS, 'user');
    expect(() => sessions.remove(id)).toThrow(ApiError);
    runs[0]?.finish();
    await settle();
    sessions.remove(id);
    expect(sessions.list()).toEqual([]);
    expect(() => sessions.get(id)).toThrow('no such session');
  });
});
