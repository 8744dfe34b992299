import { describe, expect, it } from 'vitest';
import type { PeerView, Sample } from '../../core/api/index.ts';
import { bytes, duration, fileNameOf } from '../../renderer/components/format.ts';
import { wrapLines } from '../../renderer/components/share-card.ts';
import { calendarWeeks } from '../../renderer/views/contributions/calendar-weeks.ts';
import { plotData } from '../../renderer/views/home/plot-data.ts';
import { layOut, MOST_SHOWN, ringsFor } from '../../renderer/views/network/graph-layout.ts';
import { neighbour, timelineOf } from '../../renderer/views/prove/timeline.ts';
import { replyProgress, whyNothingIsWritten } from '../../renderer/views/prove/writing-text.ts';
import { outcomeOf } from '../../renderer/views/statements/import-outcome.ts';
import { withOption } from '../../renderer/views/settings/use-section.ts';
import { emptyView } from '../api/support.ts';

const attempt = (
  rollout: number,
  round: number,
  candidate: number,
  verdict: 'failed' | 'proved' = 'failed',
) => ({
  rollout,
  round,
  candidate,
  verdict,
  summary: '',
  milliseconds: 5,
  at: 0,
});

describe('timeline', () => {
  const attempts = [attempt(0, 1, 0), attempt(0, 0, 2), attempt(0, 0, 0), attempt(1, 0, 0, 'proved')];
  const rollouts = timelineOf({ attempts, checking: [{ rollout: 0, round: 0, candidate: 1 }] });

  it('orders what came in any order, and holds what is being checked', () => {
    expect(rollouts.map(({ rounds }) => rounds.map(({ cells }) => cells.map(({ state }) => state)))).toEqual([
      [['failed', 'checking', 'failed'], ['failed']],
      [['proved']],
    ]);
  });

  it('is walked through with the arrows, over the ends of rounds', () => {
    expect(neighbour(rollouts, '0.0.2', 'ArrowRight')).toMatchObject({ rollout: 0, round: 1 });
    expect(neighbour(rollouts, '0.0.2', 'ArrowDown')).toMatchObject({ round: 1, candidate: 0 });
    expect(neighbour(rollouts, '0.0.0', 'ArrowLeft')).toBeUndefined();
    expect(neighbour(rollouts, '0.0.0', 'End')).toMatchObject({ state: 'proved' });
  });

  it('shows a verdict where a check of the same place is still noted', () => {
    const [rollout] = timelineOf({
      attempts: [attempt(0, 0, 0)],
      checking: [{ rollout: 0, round: 0, candidate: 0 }],
    });
    expect(rollout?.rounds[0]?.cells).toMatchObject([{ state: 'failed' }]);
  });
});

describe('plot', () => {
  it('sums samples by the minute and leaves older ones out', () => {
    const now = Date.UTC(2026, 0, 1, 12, 0, 30);
    const sample = (secondsAgo: number): Sample => ({
      at: now - secondsAgo * 1000,
      attempts: 3,
      generatedTokens: 0,
      found: 1,
      received: 1,
    });
    const samples = [sample(7200), sample(2400), sample(70), sample(65), sample(5)];
    const { attempts, proofs, times } = plotData(samples, now);
    expect(times).toHaveLength(60);
    expect(attempts.slice(-3)).toEqual([0, 6, 3]);
    expect(proofs.slice(-2)).toEqual([4, 2]);
    expect(attempts.reduce((sum, value) => sum + value, 0)).toBe(12);
    // No more than what has seen work.
    expect(plotData([sample(7200), ...samples.slice(2)], now).attempts).toEqual([
      ...new Array<number>(13).fill(0),
      6,
      3,
    ]);
    expect(plotData([sample(899), sample(5)], now).times).toHaveLength(30);
    expect(plotData([], now).times).toHaveLength(15);
  });
});

describe('peer graph', () => {
  const peer = (name: string, connected: boolean): PeerView => ({
    peer: name,
    connected,
    connections: [],
    points: 0,
    proofs: 0,
  });

  it('puts connected peers nearest, and stops before it is a blot', () => {
    const peers = Array.from({ length: 200 }, (_, index) => peer(`peer-${index}`, index >= 195));
    const nodes = layOut(peers);
    expect(nodes).toHaveLength(MOST_SHOWN);
    const distance = ({ x, y }: { x: number; y: number }): number => Math.hypot(x, y);
    const near = nodes.filter(({ state }) => state === 'connected').map(distance);
    expect(near).toHaveLength(5);
    expect(Math.max(...near)).toBeLessThan(0.5);
  });

  it('gives a few peers the room that there is, on one ring', () => {
    const [first, second] = layOut([peer('a', true), peer('b', false)]);
    expect(ringsFor(2)).toHaveLength(1);
    for (const node of [first, second]) expect(Math.hypot(node?.x ?? 0, node?.y ?? 0)).toBeCloseTo(0.66);
    expect(ringsFor(200)).toHaveLength(3);
  });

  it('lays the same peers out alike in whatever order they come', () => {
    const peers = ['a', 'b', 'c', 'd'].map((name) => peer(name, true));
    const places = (list: PeerView[]) => new Map(layOut(list).map((node) => [node.peer, [node.x, node.y]]));
    expect(places(peers.toReversed())).toEqual(places(peers));
  });
});

describe('calendar', () => {
  it('ends today, begins its weeks on Monday, and is not moved by summer time', () => {
    for (const today of [new Date(2026, 2, 29, 1), new Date(2026, 9, 25, 23), new Date(2024, 1, 29)]) {
      const days = calendarWeeks([], today).flat();
      expect(new Set(days.map(({ day }) => day)).size).toBe(days.length);
      expect(new Date(`${days[0]?.day ?? ''}T12:00`).getDay()).toBe(1);
      expect(days.at(-1)?.day.slice(-2)).toBe(String(today.getDate()).padStart(2, '0'));
    }
  });
});

describe('words', () => {
  it('write sizes and times as people do', () => {
    expect([0, 999, 1500, 4.7e9].map(bytes)).toEqual(['0 B', '999 B', '1.5 kB', '4.7 GB']);
    expect([8, 4200, 59_600, 200_000, 3_600_000].map(duration)).toEqual([
      '8 ms',
      '4.2 s',
      '1 min',
      '3 min 20 s',
      '1 h',
    ]);
    expect(fileNameOf('Foo/../bar «x»', 'lean')).toBe('Foo_.._bar_x_.lean');
  });

  it('wrap a card within its width', () => {
    const lines = wrapLines(`theorem t : ${'abc '.repeat(60)}${'x'.repeat(99)}`, 30, 6);
    expect(lines).toHaveLength(6);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(30);
  });
});

describe('what a model writes', () => {
  const reply = { rollout: 0, round: 0, promptTokens: 812, tokens: 0, milliseconds: 0, text: '', omitted: 0 };

  it('is told without a rate that nobody knows', () => {
    expect(replyProgress(reply)).toBe('waits, or reads the prompt of 812 tokens');
    expect(replyProgress({ ...reply, tokens: 3, milliseconds: 20 })).toBe('3 tokens');
    expect(replyProgress({ ...reply, tokens: 300, milliseconds: 6000 })).toBe('300 tokens, 50 tokens/s');
  });

  it('is nothing for a reason', () => {
    const { session } = emptyView('one');
    const mixed = { ...session, settings: { ...session.settings, policy: 'mixed' as const } };
    const place = { rollout: 0, round: 0, candidate: 0 };
    expect(whyNothingIsWritten({ session, checking: [] }, { phase: 'loading', fraction: 0.4 })).toContain(
      '40%',
    );
    expect(whyNothingIsWritten({ session, checking: [place] }, { phase: 'ready' })).toContain(
      'Lean checks 1',
    );
    expect(whyNothingIsWritten({ session: mixed, checking: [] }, { phase: 'ready' })).toContain(
      'another way',
    );
    expect(whyNothingIsWritten({ session, checking: [] }, { phase: 'crashed', detail: 'gone' })).toContain(
      'gone',
    );
    expect(whyNothingIsWritten({ session, checking: [] }, { phase: 'off' })).toContain('no model');
  });
});

it('an option that is taken out is not there', () => {
  const limits: { a?: number; b: number } = { a: 1, b: 2 };
  expect(withOption(limits, 'a', undefined)).toEqual({ b: 2 });
  expect('a' in withOption(limits, 'a', undefined)).toBe(false);
  const bare: typeof limits = { b: 2 };
  expect(withOption(bare, 'a', 3)).toEqual({ a: 3, b: 2 });
});

it.each([
  [{ added: 3 }, 'Imported pack.jsonl', 'good'],
  [{ known: 3 }, 'Imported pack.jsonl', 'good'],
  [{ added: 1, defective: 2 }, 'Imported pack.jsonl', 'warn'],
  [{ defective: 20 }, 'Nothing in pack.jsonl could be read', 'bad'],
  [{}, 'There is no statement in pack.jsonl', 'warn'],
  [{ state: 'failed' as const }, 'pack.jsonl could not be imported', 'bad'],
])('an import is told of as done well only where it was: %j', (counts, title, tone) => {
  const nothing = { state: 'done' as const, added: 0, known: 0, duplicates: 0, defective: 0 };
  expect(outcomeOf({ fileName: 'pack.jsonl', ...nothing, ...counts })).toEqual({ title, tone });
});
