import { expect, test } from 'vitest';
import type { Reply } from '../../core/network/sync/thread/messages.ts';
import { packKeys } from '../../core/network/sync/thread/packed-keys.ts';
import { SetKeeper } from '../../core/network/sync/thread/set-keeper.ts';
import { END } from '../../core/network/sync/key.ts';
import { TurnWriter } from '../../core/network/sync/turn.ts';
import { numberedKey } from './support/keys.ts';

const salt = new Uint8Array(16);
const keys = (count: number) => packKeys(Array.from({ length: count }, (_, n) => numberedKey(n)));

/** A turn that takes long to answer: nothing in it fits. */
function longTurn(ranges: number): Uint8Array<ArrayBuffer> {
  const turn = new TurnWriter();
  const fingerprint = new Uint8Array(16);
  for (let n = 1; n < ranges; n++) {
    turn.write({
      upper: { time: numberedKey(n * 16).time, prefix: new Uint8Array(0) },
      kind: 'fingerprint',
      fingerprint,
    });
  }
  turn.write({ upper: END, kind: 'fingerprint', fingerprint });
  return turn.finish();
}

function keeper() {
  const replies: Reply[] = [];
  const own = new SetKeeper((reply) => replies.push(reply));
  own.take({ type: 'add', call: 1, set: 1, keys: keys(50_000) });
  return { keeper: own, replies, calls: () => replies.map(({ call }) => call) };
}

const until = (condition: () => boolean): Promise<void> =>
  expect.poll(condition, { interval: 1, timeout: 10_000 }).toBe(true);

test('a long turn does not hold up a short one, nor what is added', async () => {
  const { keeper: own, replies, calls } = keeper();
  own.take({ type: 'respond', call: 2, set: 1, salt, turn: longTurn(3000) });
  own.take({ type: 'begin', call: 3, set: 2, salt });
  own.take({ type: 'add', call: 4, set: 1, keys: packKeys([numberedKey(60_000)]) });
  await until(() => replies.length === 4);
  expect(calls()).toEqual([1, 3, 4, 2]);
  expect(replies.at(-1)).toMatchObject({ type: 'done', size: 50_001, turn: { asked: true } });
});

test('two long turns are answered side by side', async () => {
  const { keeper: own, replies, calls } = keeper();
  own.take({ type: 'respond', call: 2, set: 1, salt, turn: longTurn(20_000) });
  own.take({ type: 'respond', call: 3, set: 1, salt, turn: longTurn(500) });
  await until(() => replies.length === 3);
  expect(calls()).toEqual([1, 3, 2]);
});

test('a turn that nobody waits for any more is given up', async () => {
  const { keeper: own, replies, calls } = keeper();
  own.take({ type: 'respond', call: 2, set: 1, salt, turn: longTurn(3000) });
  own.take({ type: 'respond', call: 3, set: 1, salt, turn: longTurn(3000) });
  own.take({ type: 'cancel', call: 2 });
  await until(() => replies.length === 2);
  expect(calls()).toEqual([1, 3]);
});

test('a turn that is none is its sender’s fault; a set that is dropped is gone', async () => {
  const { keeper: own, replies } = keeper();
  own.take({ type: 'respond', call: 2, set: 1, salt, turn: Uint8Array.of(255, 255) });
  own.take({ type: 'drop', set: 1 });
  own.take({ type: 'begin', call: 3, set: 1, salt });
  await until(() => replies.length === 3);
  expect(replies.find(({ call }) => call === 2)).toMatchObject({ type: 'violation', offence: 'malformed' });
  expect(replies.find(({ call }) => call === 3)).toMatchObject({ type: 'done', size: 0 });
});
