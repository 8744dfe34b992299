import { describe, expect, test } from 'vitest';
import { encodeSubmission, signNotice, type Statement } from '../../../core/record/index.ts';
import { DAY, pack, person, START, STRANGER, submission, testBoard, theorem } from './support.ts';

const statements = (count: number, prefix = 's') =>
  Array.from({ length: count }, (_, i) => theorem(`${prefix}${i}`));
const HOUR = 3_600_000;

describe("a stranger's statement", () => {
  test('is taken, below what curators ask for, and known from then on', () => {
    const { board, elaborateAll } = testBoard();
    const [a] = statements(1);
    if (a === undefined) throw new Error();
    expect(board.acceptSubmission(submission(a), 'x')).toBe('accepted');
    expect(board.acceptSubmission(submission(a, person(9)), 'x')).toBe('known');
    elaborateAll();
    expect(board.get(a.id)).toMatchObject({
      state: 'open',
      priority: 2,
      sources: [{ submitter: STRANGER.peer }],
    });
  });

  test('that a pack waits for counts as its body, however much its submitter sent', () => {
    const { board } = testBoard();
    const many = statements(20);
    board.acceptPack(pack(many));
    for (const statement of many) expect(board.acceptSubmission(submission(statement), 'x')).toBe('body');
    expect(board.wanted(10)).toEqual([]);
  });

  test('of long ago or of the future is stale, but a clock may be off by a day', () => {
    const { board } = testBoard();
    const [a, b, c] = statements(3);
    if (a === undefined || b === undefined || c === undefined) throw new Error();
    expect(board.acceptSubmission(submission(a, STRANGER, START - 91 * DAY), 'x')).toBe('stale');
    expect(board.acceptSubmission(submission(b, STRANGER, START + 3 * DAY), 'x')).toBe('stale');
    expect(board.acceptSubmission(submission(c, STRANGER, START + DAY), 'x')).toBe('accepted');
  });

  test('goes when its time is over, or when its submitter takes it back, and cannot be replayed then', () => {
    const { board, clock, events, elaborateAll } = testBoard();
    const [a, b] = statements(2);
    if (a === undefined || b === undefined) throw new Error();
    board.acceptSubmission(submission(a), 'x');
    board.acceptSubmission(submission(b, STRANGER, START + 5), 'x');
    elaborateAll();
    const record = {
      issuer: STRANGER.peer,
      statement: a.id,
      status: 'withdrawn' as const,
      detail: '',
      createdAt: START + 1,
    };
    board.acceptNotice(signNotice(record, STRANGER));
    expect(board.get(a.id)).toBeUndefined();
    expect(board.acceptSubmission(submission(a), 'x')).toBe('stale');
    clock.now += 90 * DAY;
    board.prune();
    expect(board.get(b.id)).toBeDefined();
    clock.now += 10;
    board.prune();
    expect([...board.entries()]).toEqual([]);
    expect(board.snapshot().submissions).toEqual([]);
    expect(events.filter(({ type }) => type === 'closed')).toHaveLength(2);
  });
});

describe('rates', () => {
  const count = (outcomes: readonly string[], outcome: string) =>
    outcomes.filter((one) => one === outcome).length;

  test('hold one submitter to a burst and to some an hour', () => {
    const { board, clock } = testBoard();
    const outcomes = statements(30).map((statement) => board.acceptSubmission(submission(statement), 'x'));
    expect(count(outcomes, 'accepted')).toBe(10);
    expect(count(outcomes, 'rate-limited')).toBe(20);
    clock.now += HOUR;
    const later = statements(30, 'later').map((statement) =>
      board.acceptSubmission(submission(statement), 'x'),
    );
    expect(count(later, 'accepted')).toBe(6);
  });

  test('hold one sender, however many keys it has, and leave room for others', () => {
    const { board } = testBoard();
    const outcomes = statements(300).map((statement, i) =>
      board.acceptSubmission(submission(statement, person(100 + i)), 'sybil'),
    );
    expect(count(outcomes, 'accepted')).toBe(100);
    expect(board.acceptSubmission(submission(theorem('honest')), 'other')).toBe('accepted');
  });

  test('that one limit refuses are not spent on the others', () => {
    const { board, clock, credibility } = testBoard({
      strangers: { perSender: { perSecond: 1, burst: 5 }, newcomers: { perSecond: 1e-9, burst: 8 } },
    });
    statements(5).forEach((statement, i) =>
      board.acceptSubmission(submission(statement, person(100 + i)), 'busy'),
    );
    const via = (sender: string, prefix: string, number = 1) =>
      statements(number, prefix).map((statement) => board.acceptSubmission(submission(statement), sender));
    // The sender's limit: neither the submitter nor the newcomers lose by it.
    expect(count(via('busy', 'refused', 20), 'rate-limited')).toBe(20);
    expect(via('other', 'taken', 3)).toEqual(['accepted', 'accepted', 'accepted']);
    // The newcomers' limit: their senders lose nothing by it.
    clock.now += 5000;
    expect(count(via('busy', 'too-many', 20), 'rate-limited')).toBe(20);
    credibility.proved(STRANGER.peer);
    expect(via('busy', 'proven', 5)).toEqual(Array.from({ length: 5 }, () => 'accepted'));
  });

  test('hold all newcomers together, but not peers who have proved something', () => {
    const { board, credibility } = testBoard({ strangers: { newcomers: { perSecond: 0.01, burst: 5 } } });
    const outcomes = statements(20).map((statement, i) =>
      board.acceptSubmission(submission(statement, person(100 + i)), `sender-${i}`),
    );
    expect(count(outcomes, 'accepted')).toBe(5);
    credibility.proved(STRANGER.peer);
    expect(board.acceptSubmission(submission(theorem('honest')), 'sender-1')).toBe('accepted');
  });
});

describe('where there is no room', () => {
  const limits = {
    capacity: 20,
    perSubmitter: { perSecond: 1, burst: 100 },
    perSender: { perSecond: 1, burst: 1000 },
    newcomers: { perSecond: 1, burst: 1000 },
  };

  test('whoever holds most gives up its oldest, and cannot push out others', () => {
    const { board } = testBoard({ strangers: limits });
    const honest = statements(5, 'honest');
    for (const statement of honest) board.acceptSubmission(submission(statement), 'good');
    const flood = statements(50, 'flood').map((statement, i) =>
      board.acceptSubmission(submission(statement, person(100 + i)), 'sybil'),
    );
    expect(flood.filter((outcome) => outcome === 'accepted')).toHaveLength(15);
    expect(flood.at(-1)).toBe('crowded-out');
    expect(honest.every(({ id }) => board.get(id) !== undefined)).toBe(true);
    const later = statements(3, 'later');
    for (const statement of later) {
      expect(board.acceptSubmission(submission(statement), 'good')).toBe('accepted');
    }
    expect(later.every(({ id }) => board.get(id) !== undefined)).toBe(true);
    expect(board.get(theorem('flood0').id)).toBeUndefined();
    expect([...board.entries()]).toHaveLength(20);
  });

  test('peers who have proved something count for themselves, whoever passes their statements on', () => {
    const { board, credibility } = testBoard({ strangers: limits });
    const proven = person(50);
    credibility.proved(proven.peer);
    const own = theorem('own');
    board.acceptSubmission(submission(own, proven), 'sybil');
    statements(50, 'flood').forEach((statement, i) =>
      board.acceptSubmission(submission(statement, person(100 + i)), 'sybil'),
    );
    const evicting = statements(10, 'more').map((statement) =>
      board.acceptSubmission(submission(statement), 'good'),
    );
    expect(evicting.every((outcome) => outcome === 'accepted')).toBe(true);
    expect(board.get(own.id)).toBeDefined();
  });

  test('bytes count, too: long ones give way to others, and never make others give way to more of them', () => {
    const { board } = testBoard({ strangers: { ...limits, capacity: 5000, maxBytes: 100_000 } });
    const long = (name: string) => ({ ...theorem(name), header: `-- ${'x'.repeat(30_000)}` });
    const put = (statement: Statement, sender: string) =>
      board.acceptSubmission(submission(statement), sender);
    const flood = ['a', 'b', 'c', 'd'].map((name) => put(long(name), 'sybil'));
    expect(flood).toEqual(['accepted', 'accepted', 'accepted', 'crowded-out']);
    const honest = statements(50, 'honest').map((statement) => put(statement, 'good'));
    expect(honest.every((outcome) => outcome === 'accepted')).toBe(true);
    expect(put(long('e'), 'sybil')).toBe('crowded-out');
    expect(put(long('f'), 'late')).toBe('accepted');
    const { submissions } = board.snapshot();
    expect(submissions.filter(({ record }) => record.statement.header === '')).toHaveLength(50);
    const bytes = submissions.reduce((sum, one) => sum + encodeSubmission(one).length, 0);
    expect(bytes).toBeLessThan(100_000);
    const small = testBoard({ strangers: { ...limits, maxBytes: 40_000 } });
    small.board.restore(board.snapshot());
    expect(small.board.snapshot().submissions.length).toBeLessThanOrEqual(20);
  });
});
