import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Refusal } from '../../../core/api/index.ts';
import { RefusalNews } from '../../../core/node/swarm/refusal-news.ts';
import { SwarmLog } from '../../../core/node/swarm/status.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

test('of a flood the newest is told, a few times a second, and the log has all', () => {
  const told: Refusal[] = [];
  const log = new SwarmLog();
  const news = new RefusalNews((refusal) => told.push(refusal));
  for (let n = 0; n < 500; n++) {
    const refusal = log.hear({ type: 'announcement-refused', peer: 'p', author: `${n}`, reason: 'flood' }, n);
    if (refusal !== undefined) news.add(refusal);
    if (n === 100) news.add({ at: n, peer: 'p', kind: 'record', reason: 'refused-by-kernel' });
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(1000);
  expect(log.refusals).toHaveLength(500);
  expect(told.filter(({ kind }) => kind === 'record')).toHaveLength(1);
  const announcements = told.filter(({ kind }) => kind === 'announcement');
  expect(announcements.length).toBeGreaterThan(5);
  expect(announcements.length).toBeLessThanOrEqual(11);
  expect(announcements.at(-1)).toMatchObject({ peer: '499' });

  news.add({ at: 0, peer: 'p', kind: 'peer', reason: 'forged' });
  news.stop();
  const before = told.length;
  vi.advanceTimersByTime(1000);
  expect(told).toHaveLength(before);
});
