import { expect, onTestFinished, test, vi } from 'vitest';
import { createRunProgress, createStepProgress } from '../../core/cli/progress.ts';
import { captured } from './run.ts';

/** A run of so many statements of which nothing is known. */
const run = (count: number) => ({
  statements: Array.from({ length: count }, () => ({})),
  budget: 5,
  jobs: 1,
});

const RESULT = { solved: true, note: '3 attempts', seconds: 1.25 };

test('a pipe gets a plain line a statement', () => {
  const terminal = captured();
  const progress = createRunProgress(terminal, run(12));
  progress.working('a');
  progress.finished({ name: 'a', ...RESULT });
  progress.finished({ name: 'b\x1b[2J', ...RESULT, solved: false, note: 'seconds' });
  progress.stop();
  expect(terminal.err.text).toBe(
    '[ 1/12] solved a (3 attempts, 1.3 s; estimating)\n[ 2/12] open   b�[2J (seconds, 1.3 s; estimating)\n',
  );
  expect(terminal.out.text).toBe('');
});

const HIDE = '\x1b[?25l';
const SHOW = '\x1b[?25h';

test('a terminal gets a bar with what is left, and its cursor back', async () => {
  const terminal = captured(true);
  const progress = createRunProgress(terminal, run(2));
  onTestFinished(() => progress.stop());
  expect(terminal.err.text).toContain(HIDE);
  progress.working('first');
  await vi.waitFor(() => expect(terminal.err.text).toContain('0/2 · 0 solved · estimating · first'));
  progress.finished({ name: 'first', ...RESULT });
  await vi.waitFor(() => {
    // It goes on being told anew while the next one is worked on.
    const told = terminal.err.text.match(/1\/2 · 1 solved · about [\d.]+ m?s left/g);
    expect(new Set(told).size).toBeGreaterThan(1);
  });
  progress.finished({ name: 'second', ...RESULT, solved: false });
  progress.stop();
  expect(terminal.err.text).toMatch(/2\/2 · 1 solved · all done/);
  expect(terminal.err.text.lastIndexOf(SHOW)).toBeGreaterThan(terminal.err.text.lastIndexOf(HIDE));
});

test('a run that is ended at once gives the cursor back too', () => {
  const before = process.listeners('exit');
  const terminal = captured(true);
  const progress = createRunProgress(terminal, run(2));
  const [atExit] = process.listeners('exit').filter((listener) => !before.includes(listener));
  expect(terminal.err.text).not.toContain(SHOW);
  atExit?.(130);
  expect(terminal.err.text).toContain(SHOW);
  progress.stop();
  expect(process.listeners('exit')).toEqual(before);
});

test.each([
  [false, 'Preparing: unpack\nPreparing: load\n'],
  [true, '\r\x1b[KPreparing: unpack 0%\r\x1b[KPreparing: unpack 50%\r\x1b[KPreparing: load\n'],
])('preparation tells each step once on a pipe, and rewrites one line on a terminal (%s)', (isTTY, text) => {
  const terminal = captured(isTTY);
  const step = createStepProgress(terminal, 'Preparing');
  step('unpack', 0);
  step('unpack', 0.5);
  step('load', 1);
  expect(terminal.err.text).toBe(text);
});
