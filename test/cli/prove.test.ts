import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ResultLine } from '../../core/api/index.ts';
import { numbered, prove } from '../memory/proofs.ts';
import { damagedBank } from './damaged-bank.ts';
import {
  BIN,
  descendants,
  isAlive,
  linesIn,
  oldNode,
  readResults,
  run,
  SLOW,
  start,
  startProgram,
  write,
} from './run.ts';

/** One data directory for all runs of this file, as a user has one. */
let data = '';
beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'proofswarm-prove-'));
});
afterAll(() => rm(data, { recursive: true, force: true, maxRetries: 5 }));

const SWAP = 'theorem swap (a b : Nat) : a + b = b + a := by sorry';
const REVERSE = 'theorem twice_reversed (xs : List Nat) : xs.reverse.reverse = xs := by sorry';
const AND = 'theorem and_swap (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry';
/** False, and not so that anything could find out soon. */
const WRONG = 'theorem wrong (n : Nat) : (n ^ 3 + 2 * n) % 3 = n / (10 ^ 20) := by sorry';
const MORE_WRONG = WRONG.replace('wrong', 'more_wrong');

/** What a run has solved, as one challenge, and all proofs that it reports, as one submission. */
async function asSubmission(lines: readonly ResultLine[]): Promise<[challenge: string, submission: string]> {
  const solved = lines.filter((line) => line.solved);
  const statements = solved.map(({ proof }) => `${(proof ?? '').split(' := by')[0] ?? ''} := by sorry`);
  return [
    await write(data, 'Challenge.lean', ...statements),
    await write(data, 'Submission.lean', ...solved.map(({ proof }) => proof ?? '')),
  ];
}

describe('a run', { timeout: SLOW }, () => {
  test('reports a line a statement, and every proof that it reports is accepted by verify', async () => {
    const row = (statement: string, more: object = {}): string =>
      JSON.stringify({ name: statement.split(' ')[1], formal_statement: statement, ...more });
    const file = await write(
      data,
      'set.jsonl',
      row(SWAP, { difficulty: 'easy' }),
      row(REVERSE),
      '{"name": "broken", ',
      row(AND, { difficulty: 'easy' }),
      row('theorem reals (x : ℝ) : x = x := by sorry', { header: 'import Mathlib' }),
      row('theorem nonsense : frobnicate 1 = 2 := by sorry'),
      row(WRONG, { difficulty: 'hard' }),
    );
    const out = path.join(data, 'below', 'R.jsonl');
    const args = ['prove', file, '--out', out, '--seconds', '3', '--jobs', '1', '--json'];
    const { code, out: summary, err } = await run(args, { data });
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/set\.jsonl:3:19: not JSON/) as string,
    });
    expect(err).toMatch(/^\[1\/6\] solved swap \(\d+ attempts?, .*; estimating\)$/m);
    expect(err).toMatch(/^\[6\/6\] open {3}wrong \(seconds, .*; all done\)$/m);

    const lines = await readResults(out);
    expect(lines.map(({ name, solved, reason }) => [name, solved, reason])).toEqual([
      ['swap', true, 'proved'],
      ['twice_reversed', true, 'proved'],
      ['and_swap', true, 'proved'],
      ['reals', false, 'unjudgeable'],
      ['nonsense', false, 'unjudgeable'],
      ['wrong', false, 'seconds'],
    ]);
    for (const { solved, proof, attempts, seconds, reason } of lines) {
      expect(proof !== null).toBe(solved);
      expect(attempts > 0).toBe(reason !== 'unjudgeable');
      expect(seconds).toBeLessThan(30);
    }
    expect(lines[3]?.detail).toMatch(/mathlib/i);
    expect(lines[4]?.detail).toMatch(/does not elaborate/);

    expect(JSON.parse(summary)).toEqual({
      solved: 3,
      tried: 4,
      medianSeconds: expect.any(Number) as number,
      unjudgeable: 2,
      byDifficulty: [
        { difficulty: 'easy', solved: 2, tried: 2, medianSeconds: expect.any(Number) as number },
        { difficulty: 'hard', solved: 0, tried: 1, medianSeconds: null },
        { difficulty: 'unrated', solved: 1, tried: 1, medianSeconds: expect.any(Number) as number },
      ],
      results: out,
    });

    const verified = await run(['verify', ...(await asSubmission(lines)), '--json'], { data });
    expect({ code: verified.code, err: verified.err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(verified.out)).toMatchObject({
      accepted: true,
      theorems: [{ name: 'swap' }, { name: 'twice_reversed' }, { name: 'and_swap' }],
    });
  });

  test.skipIf(!existsSync('/usr/bin/script'))(
    'shows a bar on a terminal, gives the cursor back, and puts its results below the data directory',
    async () => {
      const file = await write(data, 'easy set.lean', SWAP, WRONG);
      const command = `"${process.execPath}" "${BIN}" prove "${file}" --seconds 2 --jobs 1`;
      const terminal = startProgram(['script', '-qec', command, '/dev/null'], { data });
      const { code, out } = await terminal.finished;
      expect(code).toBe(0);
      expect(out).toContain('0/2 · 0 solved · estimating');
      expect(out).toMatch(/1\/2 · 1 solved · about [\d.]+ m?s left · wrong/);
      expect(out).toMatch(/2\/2 · 1 solved · all done/);
      expect(out.lastIndexOf('\x1b[?25h')).toBeGreaterThan(out.lastIndexOf('\x1b[?25l'));
      expect(out).toMatch(/unrated +1 +2 +50%/);
      const [name = '', ...others] = await readdir(path.join(data, 'runs'));
      expect(others).toEqual([]);
      expect(name).toMatch(/^easy set-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d+\.jsonl$/);
      expect(out).toContain(`Results: ${path.join(data, 'runs', name)}`);
      expect(await readResults(path.join(data, 'runs', name))).toMatchObject([
        { name: 'swap', solved: true },
        { name: 'wrong', solved: false },
      ]);
    },
  );
});

test('a run says that its bank is damaged, and goes on', { timeout: SLOW }, async () => {
  const damaged = path.join(data, 'damaged');
  await damagedBank(
    damaged,
    [1, 2].map((n) => prove(numbered(n))),
  );
  const file = await write(data, 'swap.lean', SWAP);
  const { code, err } = await run(['prove', file, '--data', damaged, '--jobs', '1'], { data });
  expect(code).toBe(0);
  expect(err).toMatch(/^bank: A line of the bank is damaged: .* at \d+: .*\. All others were loaded\.$/m);
  expect(err).toMatch(/\[1\/1\] solved swap/);
});

describe('Ctrl-C', { timeout: SLOW }, () => {
  test('stops the run, keeps what was done, leaves no process behind; --resume does the rest', async () => {
    const file = await write(data, 'long.lean', SWAP, WRONG, REVERSE, MORE_WRONG);
    const out = path.join(data, 'long run.jsonl');
    const args = ['prove', file, '--out', out, '--jobs', '1'];
    // Through the launcher's second process, where this machine has a Node that needs it.
    const node = oldNode ?? process.execPath;
    const running = start([...args, '--seconds', '600'], { data, node });
    await linesIn(out, 1);
    const processes = descendants(running.child.pid ?? 0);
    expect(processes.length).toBeGreaterThanOrEqual(process.platform === 'linux' ? 2 : 0);
    running.child.kill('SIGINT');
    const stopped = await running.finished;
    expect(stopped).toMatchObject({ code: 130, signal: null });
    expect(stopped.err).toContain('Stopping; once more to stop at once.');
    expect(stopped.err).toContain(
      `Stopped after 1 of 4. To go on, give the same command with: --out '${out}' --resume\n`,
    );
    expect(stopped.out).toMatch(/unrated +1 +1 +100%/);
    await vi.waitFor(() => expect(processes.filter(isAlive)).toEqual([]), { timeout: 20_000 });
    const first = await readFile(out, 'utf8');
    expect(await readResults(out)).toMatchObject([{ name: 'swap', solved: true }]);

    // As a crash leaves it.
    await appendFile(out, '{"id":"bafyrei');
    const resumed = await run([...args, '--seconds', '3', '--resume'], { data });
    expect(resumed).toMatchObject({
      code: 0,
      err: expect.stringContaining('1 of 4 were done before') as string,
    });
    expect((await readFile(out, 'utf8')).startsWith(first)).toBe(true);
    expect((await readResults(out)).map(({ name }) => name)).toEqual([
      'swap',
      'wrong',
      'twice_reversed',
      'more_wrong',
    ]);
    expect(resumed.out).toMatch(/unrated +2 +4 +50%/);

    const nothingLeft = await run([...args, '--resume', '--json'], { data });
    expect(nothingLeft.code).toBe(0);
    expect(JSON.parse(nothingLeft.out)).toMatchObject({ solved: 2, tried: 4 });
  });

  test('while Lean is being started stops as well, and soon', async () => {
    const file = await write(data, 'starting.lean', SWAP);
    const out = path.join(data, 'starting.jsonl');
    const running = start(['prove', file, '--out', out], { data });
    // Opened once signals are heeded, or a moment before; Lean takes a second at least.
    await vi.waitFor(() => expect(descendants(running.child.pid ?? 0).length).toBeGreaterThan(0), {
      timeout: 60_000,
      interval: 10,
    });
    running.child.kill('SIGINT');
    expect(await running.finished).toMatchObject({
      code: 130,
      err: expect.stringContaining('Stopped after 0 of 1') as string,
    });
    expect(await readFile(out, 'utf8')).toBe('');
  });
});

describe('a run that is killed', { timeout: SLOW }, () => {
  test('has in the bank all that it reported as solved, and its workers end with it', async () => {
    const own = path.join(data, 'killed');
    const file = await write(data, 'killed.lean', AND, REVERSE, WRONG);
    const out = path.join(data, 'killed.jsonl');
    const args = ['prove', file, '--out', out, '--jobs', '1', '--seconds', '600', '--data', own];
    const running = start(args, { data });
    await linesIn(out, 2);
    const workers = descendants(running.child.pid ?? 0);
    expect(workers.length).toBeGreaterThanOrEqual(process.platform === 'linux' ? 2 : 0);
    running.child.kill('SIGKILL');
    expect((await running.finished).signal).toBe('SIGKILL');
    await vi.waitFor(() => expect(workers.filter(isAlive)).toEqual([]), { timeout: 30_000 });

    const lines = await readResults(out);
    expect(lines).toMatchObject([{ solved: true }, { solved: true }]);
    for (const { id, proof } of lines) {
      const shown = await run(['bank', 'show', id, '--json', '--data', own], { data });
      expect(shown).toMatchObject({ code: 0, err: '' });
      const { proofs } = JSON.parse(shown.out) as { proofs: { record: { submission: string } }[] };
      expect(proofs.map(({ record }) => record.submission)).toEqual([proof]);
    }
  });
});
