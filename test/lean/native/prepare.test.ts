import { expect, test } from 'vitest';
import { prepareApart } from '../../../core/lean/native/prepare-apart.ts';
import { prepareReplay } from '../../../core/lean/native/prepare.ts';
import { largeExport, smallExport } from '../../support/small-export.ts';

const SMALL = { statement: smallExport('goal'), submission: smallExport('theorem') };
/** Takes seconds to compare and to write down. */
const LARGE = { statement: smallExport('goal'), submission: largeExport(2_000_000) };
const PATIENT = { timeoutMs: 60_000 };

test('a thread prepares what this process would', async () => {
  const prepared = await prepareApart(SMALL, PATIENT);
  expect(prepared).toEqual({ ...prepareReplay(SMALL), milliseconds: expect.any(Number) as number });
  expect(prepared).toMatchObject({ kind: 'prepared', open: false, axioms: ['Classical.choice'] });
});

test('what is no export is refused in words', async () => {
  const submission = { ...SMALL.submission, exprs: Int32Array.of(9, 9, 9, 9, 9) };
  expect(await prepareApart({ ...SMALL, submission }, PATIENT)).toMatchObject({
    kind: 'rejected',
    reason: 'malformed-export',
  });
});

test('the largest exports keep this process from nothing, and are given up in time', async () => {
  let turns = 0;
  const ticking = setInterval(() => turns++, 10);
  const started = performance.now();
  const ended = await prepareApart(LARGE, { timeoutMs: 500 });
  clearInterval(ticking);
  expect(ended).toMatchObject({ kind: 'exhausted', resource: 'time' });
  expect(performance.now() - started).toBeLessThan(5000);
  expect(turns).toBeGreaterThan(5);
});

test('nobody waits for what was cancelled', async () => {
  const stop = new AbortController();
  const preparing = prepareApart(LARGE, { ...PATIENT, signal: stop.signal });
  stop.abort(new Error('no longer wanted'));
  await expect(preparing).rejects.toThrow('no longer wanted');
  await expect(prepareApart(SMALL, { ...PATIENT, signal: stop.signal })).rejects.toThrow('no longer wanted');
});

test('what the kernel would run compiled code for is refused, as there is no axiom that tells of it', async () => {
  const submission = { ...SMALL.submission, strings: ['t', 'Lean', 'reduceBool'] };
  expect(await prepareApart({ ...SMALL, submission }, PATIENT)).toEqual({
    kind: 'rejected',
    reason: 'forbidden-axiom',
    detail: 'the proof rests on Lean.reduceBool',
  });
});
