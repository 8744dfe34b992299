import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LeanBackEnd } from '../../../core/lean/back-end.ts';
import { Comparator } from '../../../core/lean/native/comparator.ts';
import { LeanUnavailableError } from '../../../core/lean/index.ts';
import type { WorkerReply } from '../../../core/lean/worker.ts';
import { writeProgram } from '../../support/native-lean.ts';
import { smallExport } from '../../support/small-export.ts';

const REQUEST = {
  op: 'judge',
  imports: ['Init'],
  statement: smallExport('goal'),
  submission: smallExport('theorem'),
} as const;
const SOURCES = { theorem: 't', challenge: 'theorem t : X := sorry', submission: 'theorem t : X := x' };

/** Says that it was asked. */
const REPLAY: LeanBackEnd = {
  run: () => Promise.resolve({ kind: 'crashed', detail: 'asked the kernel' }),
  warmUp: () => Promise.resolve(),
  dispose: () => Promise.resolve(),
};

/** A `lake` that is a script. How the real one is run; what it decides is not tested here. */
async function comparator(
  ...lines: readonly string[]
): Promise<{ comparator: Comparator; directory: string }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-lake-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const lake = await writeProgram(path.join(directory, 'lake'), ...lines);
  const made = new Comparator({ lake, searchPath: '/usr/bin:/bin', memoryBytes: 4e9, replay: REPLAY });
  onTestFinished(() => made.dispose());
  return { comparator: made, directory };
}

const ask = (judge: Comparator, more = {}): Promise<WorkerReply> =>
  judge.run(REQUEST, { timeoutMs: 20_000, sources: SOURCES, ...more });

describe.skipIf(process.platform === 'win32')('lake comparator', () => {
  test('gets a project with both sources, and its exit code 0 is a yes', async () => {
    const { comparator: judge, directory } = await comparator(
      'cp -R . "${0%/lake}/seen"; echo "$PWD $*" > "${0%/lake}/called"; exit 0',
    );
    expect(await ask(judge)).toEqual({
      kind: 'answered',
      result: { kind: 'accepted', axioms: ['Classical.choice'] },
    });
    const called = (await readFile(path.join(directory, 'called'), 'utf8')).trim().split(' ');
    expect(called.slice(1)).toEqual(['comparator', '--config', 'comparator.json']);
    const seen = path.join(directory, 'seen');
    expect((await readdir(seen)).sort()).toEqual(
      ['Challenge.lean', 'Solution.lean', 'comparator.json', 'lake-manifest.json', 'lakefile.toml'], // prettier-ignore
    );
    expect(await readFile(path.join(seen, 'Challenge.lean'), 'utf8')).toBe(SOURCES.challenge);
    expect(await readFile(path.join(seen, 'Solution.lean'), 'utf8')).toBe(SOURCES.submission);
    expect(JSON.parse(await readFile(path.join(seen, 'comparator.json'), 'utf8'))).toEqual({
      challenge_module: 'Challenge',
      solution_module: 'Solution',
      theorem_names: ['t'],
      permitted_axioms: ['Classical.choice', 'Quot.sound', 'propext'],
    });
    await expect(readdir(called[0] ?? '')).rejects.toThrow(/ENOENT/);
  });

  test('says no by exit code 1, whatever it has printed', async () => {
    const { comparator: judge } = await comparator(
      'echo "Your solution is okay!"; echo "error: no" >&2; exit 1',
    );
    expect(await ask(judge)).toEqual({
      kind: 'answered',
      result: {
        kind: 'rejected',
        reason: 'kernel-refused',
        detail: 'lake comparator did not accept it: error: no',
      },
    });
  });

  test.each([
    ['exit 2', 'lake comparator could not judge (2): error: no bwrap'],
    ['kill -9 $$', 'lake comparator could not judge (killed): error: no bwrap'],
  ])('has not judged after `%s`', async (end, detail) => {
    const { comparator: judge } = await comparator(`echo "error: no bwrap" >&2; ${end}`);
    expect(await ask(judge)).toEqual({ kind: 'crashed', detail });
  });

  test('is ended when time is up, by the signal, and by dispose', async () => {
    const { comparator: judge } = await comparator('exec sleep 600');
    expect(await ask(judge, { timeoutMs: 300 })).toMatchObject({ kind: 'exhausted', resource: 'time' });
    await expect(ask(judge, { signal: AbortSignal.timeout(200) })).rejects.toThrow(/timeout/);
    const closed = expect(ask(judge)).rejects.toThrow(LeanUnavailableError);
    await judge.dispose();
    await closed;
  });

  test('is not asked about a statement that leaves a definition open: the kernel is', async () => {
    const { comparator: judge } = await comparator('exit 0');
    const statement = smallExport('goal');
    statement.declarations.unshift({ kind: 'hole', name: 2, levelParams: [], type: 0 });
    expect(await judge.run({ ...REQUEST, statement }, { timeoutMs: 5000, sources: SOURCES })).toEqual({
      kind: 'crashed',
      detail: 'asked the kernel',
    });
  });

  test('is not asked about a submission that states something else', async () => {
    const { comparator: judge, directory } = await comparator('touch "$0.asked"');
    const changed = smallExport('theorem');
    changed.exprs[0] = 0;
    const reply = await judge.run({ ...REQUEST, submission: changed }, { timeoutMs: 5000, sources: SOURCES });
    expect(reply).toMatchObject({
      kind: 'answered',
      result: { kind: 'rejected', reason: 'statement-changed' },
    });
    expect(await readdir(directory)).toEqual(['lake']);
  });
});
