import { describe, expect, test } from 'vitest';
import { Lanes } from '../../../core/node/donation/index.ts';
import { makeStatement, type Statement } from '../../../core/record/index.ts';
import { FakeClock, settle } from './support.ts';

const statement = (n: number): Statement =>
  makeStatement({
    environment: { lean: '4.28.0-pre', library: 'core' },
    header: '',
    formal: `theorem t${n} : ${n} = ${n}`,
    name: `t${n}`,
  });

function scene(stock: number, width = 2) {
  const clock = new FakeClock(0);
  let left = stock;
  const running: { statement: Statement; end: () => void; stopped: boolean }[] = [];
  let changes = 0;
  const lanes = new Lanes({
    next: () => Promise.resolve(left > 0 ? statement(left--) : undefined),
    begin: (begun) => {
      const ended = Promise.withResolvers<undefined>();
      const job = { statement: begun, end: () => ended.resolve(undefined), stopped: false };
      running.push(job);
      return {
        done: ended.promise,
        stop: () => {
          job.stopped = true;
          ended.resolve(undefined);
        },
      };
    },
    width: () => width,
    clock,
    onChange: () => (changes += 1),
  });
  return { lanes, running, clock, changes: () => changes, restock: (n: number) => (left = n) };
}

describe('Lanes', () => {
  test('keeps as many statements under way as allowed, each once', async () => {
    const { lanes, running } = scene(5);
    lanes.set('work');
    await settle();
    expect(lanes.busy).toBe(2);
    running[0]?.end();
    await settle();
    expect(lanes.busy).toBe(2);
    expect(new Set(running.map((job) => job.statement.id)).size).toBe(3);
  });

  test('stops what is under way, and begins nothing more', async () => {
    const { lanes, running } = scene(5);
    lanes.set('work');
    await settle();
    lanes.set('stop');
    await lanes.drained();
    await settle();
    expect(running.map(({ stopped }) => stopped)).toEqual([true, true]);
    expect(lanes.busy).toBe(0);
  });

  test('finishing begins nothing more and stops nothing', async () => {
    const { lanes, running } = scene(5);
    lanes.set('work');
    await settle();
    lanes.set('finish');
    running[0]?.end();
    await settle();
    expect(lanes.busy).toBe(1);
    expect(running.every(({ stopped }) => !stopped)).toBe(true);
  });

  test('without work it says so, and asks again later or when woken', async () => {
    const { lanes, clock, restock } = scene(0);
    lanes.set('work');
    await settle();
    expect(lanes.idleReason).toEqual({ kind: 'no-work' });
    restock(1);
    await clock.advance(15_000);
    expect(lanes.busy).toBe(1);
    expect(lanes.idleReason).toBeUndefined();
    restock(1);
    lanes.wake();
    await settle();
    expect(lanes.busy).toBe(2);
  });

  test('a source that fails is told of and asked again, not at once', async () => {
    const clock = new FakeClock(0);
    let asked = 0;
    const lanes = new Lanes({
      next: () => {
        asked++;
        return Promise.reject(new Error('the board is gone'));
      },
      begin: () => ({ done: Promise.resolve(), stop: () => undefined }),
      width: () => 4,
      clock,
      onChange: () => undefined,
    });
    lanes.set('work');
    await settle();
    expect(lanes.idleReason).toEqual({ kind: 'unavailable', detail: 'the board is gone' });
    expect(asked).toBe(1);
    await clock.advance(15_000);
    expect(asked).toBe(2);
  });

  test('what cannot be begun is told, and tried again later', async () => {
    const clock = new FakeClock(0);
    let tries = 0;
    const lanes = new Lanes({
      next: () => Promise.resolve(statement(1)),
      begin: () => {
        tries++;
        throw new Error('no room');
      },
      width: () => 1,
      clock,
      onChange: () => undefined,
    });
    lanes.set('work');
    await settle();
    expect([tries, lanes.busy, lanes.idleReason]).toEqual([1, 0, { kind: 'unavailable', detail: 'no room' }]);
    await clock.advance(15_000);
    await settle();
    expect(tries).toBe(2);
  });
});
