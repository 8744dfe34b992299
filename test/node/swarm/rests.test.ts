import { expect, test } from 'vitest';
import { Rests } from '../../../core/node/swarm/rests.ts';
import { createIdentity } from '../../../core/record/index.ts';

const { peer } = createIdentity(new Uint8Array(32).fill(1));

function scene() {
  let now = 0;
  const rests = new Rests(() => now);
  const restsFor = (): number => {
    const began = now;
    while (rests.isResting(peer)) now += 60_000;
    return now - began;
  };
  return { rests, restsFor };
}

test('who spends time in vain again and again rests, the longer the more often', () => {
  const { rests, restsFor } = scene();
  for (const minutes of [0, 0, 5, 10, 20, 40, 80, 160, 240, 240]) {
    rests.inVain(peer, 'exhausted');
    expect(restsFor()).toBe(minutes * 60_000);
  }
});

test('who sends what is accepted in between does not', () => {
  const { rests, restsFor } = scene();
  for (let n = 0; n < 20; n++) {
    rests.inVain(peer, 'exhausted');
    rests.inVain(peer, 'exhausted');
    rests.accepted(peer);
    rests.accepted(peer);
    expect(restsFor()).toBe(0);
  }
  for (let n = 0; n < 3; n++) rests.inVain(peer, 'exhausted');
  rests.accepted(peer);
  expect(rests.isResting(peer)).toBe(false);
});

test('whose records end Lean rests too, after more of them', () => {
  const { rests, restsFor } = scene();
  for (let n = 0; n < 11; n++) rests.inVain(peer, 'crashed');
  expect(restsFor()).toBe(0);
  rests.inVain(peer, 'crashed');
  expect(restsFor()).toBe(5 * 60_000);
  for (let n = 0; n < 100; n++) rests.inVain(peer, 'crashed');
  expect(restsFor()).toBe(240 * 60_000);
});
