import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NetworkEvent } from '../../core/network/index.ts';
import { Patience } from '../../core/network/reputation/patience.ts';

const MINUTE = 60_000;

function patienceAt(start = 0) {
  const events: NetworkEvent[] = [];
  const clock = { now: start };
  const patience = new Patience({ emit: (event) => events.push(event), now: () => clock.now });
  return { patience, clock, events };
}

describe('a peer that was too slow', () => {
  test('is left alone for a while, twice as long each time, ten minutes at most', () => {
    const { patience, clock, events } = patienceAt(1e6);
    for (let times = 0; times < 12; times++) {
      expect(patience.restLeft('a')).toBe(0);
      patience.tooSlow('a', 'late');
      expect(patience.restLeft('a')).toBe(Math.min(5000 * 2 ** times, 10 * MINUTE));
      clock.now += patience.restLeft('a');
    }
    expect(events).toHaveLength(12);
    expect(events[0]).toEqual({ type: 'peer-set-aside', peer: 'a', milliseconds: 5000, detail: 'late' });
  });

  test('is not left alone longer for what else was under way when it was', () => {
    const { patience, events } = patienceAt();
    for (let streams = 0; streams < 6; streams++) patience.tooSlow('a', 'late');
    expect(patience.restLeft('a')).toBe(5000);
    expect(events).toHaveLength(1);
  });

  test('is trusted anew after good answers, not after a single one', () => {
    const { patience, clock } = patienceAt();
    for (let times = 0; times < 4; times++) {
      patience.tooSlow('a', 'late');
      clock.now += patience.restLeft('a');
    }
    patience.inTime('a');
    patience.tooSlow('a', 'late');
    expect(patience.restLeft('a')).toBe(5000 * 2 ** 2);
    clock.now += patience.restLeft('a');
    for (let answers = 0; answers < 3; answers++) patience.inTime('a');
    patience.tooSlow('a', 'late');
    expect(patience.restLeft('a')).toBe(5000);
  });

  test('says nothing of others', () => {
    const { patience } = patienceAt();
    patience.tooSlow('a', 'late');
    patience.inTime('b');
    expect(patience.restLeft('b')).toBe(0);
  });
});

test('whatever a peer does, most of the time that it is waited for is rest, or it answers', () => {
  const WAIT = 10_000;
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (answers) => {
      const { patience, clock } = patienceAt();
      let vain = 0;
      let good = 0;
      for (const answered of answers) {
        if (answered) {
          patience.inTime('a');
          good++;
        } else {
          clock.now += WAIT;
          vain++;
          patience.tooSlow('a', 'late');
          clock.now += patience.restLeft('a');
        }
      }
      // Without a good answer the rest doubles: so many vain waits take longer than all of them together.
      if (good === 0 && vain > 3) expect(clock.now).toBeGreaterThan(2 * vain * WAIT);
      expect(clock.now).toBeGreaterThanOrEqual(vain * (WAIT + 5000));
    }),
  );
});

test('a flood of names takes no more memory than so many', () => {
  const { patience } = patienceAt();
  for (let n = 0; n < 6000; n++) patience.tooSlow(`peer ${n}`, 'late');
  expect(patience.restLeft('peer 0')).toBe(0);
  expect(patience.restLeft('peer 5999')).toBe(5000);
});
