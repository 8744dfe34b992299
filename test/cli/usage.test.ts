import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT } from '../support/paths.ts';
import { oldNode, run, runHere, startProgram, temporaryDirectory, write } from './run.ts';

const EASY = 'theorem easy (a b : Nat) : a + b = b + a := by sorry';

describe('help', () => {
  test.each([
    [['--help'], /prove.*verify.*statements.*bank.*doctor/s],
    [['help'], /Usage: proofswarm/],
    [['prove', '--help'], /--seconds <s>.*Examples:\n {2}\$ proofswarm prove theorems\.lean/s],
    [['verify', '--help'], /Exit codes: 0 accepted; 1 not accepted; 2 could not be judged.*Examples:/s],
    [['statements', '--help'], /import.*list.*show/s],
    [['statements', 'import', '--help'], /Examples:\n {2}\$ proofswarm statements import/],
    [['statements', 'list', '--help'], /Examples:/],
    [['statements', 'show', '--help'], /Examples:/],
    [['bank', 'search', '--help'], /Examples:/],
    [['bank', 'show', '--help'], /Examples:/],
    [['bank', 'stats', '--help'], /Examples:/],
    [['doctor', '--help'], /Examples:/],
  ])('of %j is on standard output, with examples', async (args, expected) => {
    expect(await runHere(...args)).toEqual({
      code: 0,
      out: expect.stringMatching(expected) as string,
      err: '',
    });
  });

  test('is shown on standard error where a command is missing', async () => {
    for (const args of [[], ['statements'], ['bank']]) {
      expect(await runHere(...args)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining('Usage: proofswarm') as string,
      });
    }
  });

  test('tells the version', async () => {
    const { version } = JSON.parse(await readFile(path.join(PROJECT, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await runHere('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });
});

describe('a mistake in usage ends with 2 and says what is wrong', () => {
  test.each([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['prov'], /unknown command 'prov'.*Did you mean prove\?/s],
    [['prove'], /missing required argument 'file'/],
    [['prove', 'a.lean', 'b.lean'], /too many arguments/],
    [['prove', 'a.lean', '--frob'], /unknown option '--frob'/],
    [['prove', 'a.lean', '--seconds', 'soon'], /'soon' is invalid.*positive number of seconds/],
    [['prove', 'a.lean', '--seconds', '0'], /'0' is invalid/],
    [['prove', 'a.lean', '--seconds', '-1'], /'-1' is invalid/],
    [['prove', 'a.lean', '--seconds', 'NaN'], /'NaN' is invalid/],
    [['prove', 'a.lean', '--seconds', 'Infinity'], /'Infinity' is invalid/],
    [['prove', 'a.lean', '--seconds', ''], /'' is invalid/],
    [['prove', 'a.lean', '--seconds', '1e9'], /'1e9' is invalid.*at most 1000000/],
    [['prove', 'a.lean', '--rounds', '1.5'], /'1\.5' is invalid.*whole number/],
    [['prove', 'a.lean', '--rollouts', '100000000'], /'100000000' is invalid.*to 1000000/],
    [['prove', 'a.lean', '--jobs', '0'], /'0' is invalid/],
    [['prove', 'a.lean', '--policy', 'magic'], /Allowed choices are portfolio, llama/],
    [['prove', 'a.lean', '--policy', 'llama'], /needs a model: name a GGUF file with --model/],
    [['prove', 'a.lean', '--model', 'm.gguf'], /--model is for --policy llama or mixed/],
    [['verify', 'a.lean'], /missing required argument 'submission'/],
    [['verify', 'a.lean', 'b.lean', '--seconds', '1e300'], /at most 1000000/],
    [['statements', 'list', '--difficulty', 'fiendish'], /Allowed choices are easy, medium/],
    [['statements', 'list', '--limit', '0'], /'0' is invalid/],
    [['bank', 'search'], /missing required argument 'text'/],
    [
      ['node', '--listen', '/ip4/127.0.0.1/tcp/0', '/ip4/localhost'],
      /^error: option '--listen <addr\.\.\.>' argument '\/ip4\/localhost' is invalid\. expected a multiaddr, such as \/ip4\/127\.0\.0\.1\/tcp\/4001\n\(--help/,
    ],
    [
      ['node', '--bootstrap', '/ip4/127.0.0.1/tcp/4001'],
      /^error: option '--bootstrap <addr\.\.\.>' argument '\/ip4\/127\.0\.0\.1\/tcp\/4001' is invalid\. expected a multiaddr that ends in \/p2p\/<peer id>\n\(--help/,
    ],
    [['node', '--bootstrap', 'seed.example.org'], /'seed\.example\.org' is invalid\. expected a multiaddr/],
  ])('%j', async (args, expected) => {
    expect(await runHere(...args)).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(expected) as string,
    });
  });
});

describe('prove refuses, with 2 and one line, before anything is started', () => {
  test.each<[string, (directory: string) => Promise<string[]>, RegExp]>([
    [
      'a file that is not there',
      (d) => Promise.resolve([path.join(d, 'no.lean')]),
      /no\.lean: cannot be read: there is no such file/,
    ],
    [
      'a directory',
      async (d) => {
        await mkdir(path.join(d, 'a.lean'));
        return [path.join(d, 'a.lean')];
      },
      /a\.lean: cannot be read: it is a directory/,
    ],
    [
      'a name without an ending',
      async (d) => [await write(d, 'Makefile', EASY)],
      /unknown file type; expected .*\.lean/,
    ],
    ['another ending', async (d) => [await write(d, 'a.txt', EASY)], /unknown file type/],
    ['an empty Lean file', async (d) => [await write(d, 'a.lean')], /holds no open statement/],
    [
      'an empty dataset',
      async (d) => [await write(d, 'a.jsonl')],
      /the file holds no rows.*holds no open statement/s,
    ],
    [
      'a file of solved theorems',
      async (d) => [await write(d, 'a.lean', EASY.replace('sorry', 'omega'))],
      /holds no open statement/,
    ],
    [
      'a binary file',
      async (d) => {
        await writeFile(path.join(d, 'a.lean'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff, 0xfe]));
        return [path.join(d, 'a.lean')];
      },
      /a\.lean:1.*not UTF-8.*holds no open statement/s,
    ],
    [
      'results in a directory',
      async (d) => [await write(d, 'a.lean', EASY), '--out', d],
      /cannot write results to .*: it is a directory\n/,
    ],
    [
      'results below a file',
      async (d) => {
        const file = await write(d, 'a.lean', EASY);
        return [file, '--out', path.join(file, 'R.jsonl')];
      },
      /cannot write results to .*a\.lean\/R\.jsonl: a part of the path is no directory\n/,
    ],
    [
      'a data directory that is a file',
      async (d) => {
        const file = await write(d, 'a.lean', EASY);
        return [file, '--data', file];
      },
      /cannot write results to .*a\.lean/,
    ],
  ])('%s', async (_, prepare, expected) => {
    const directory = await temporaryDirectory();
    const { code, out, err } = await runHere('prove', ...(await prepare(directory)));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(expected);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test('results that would replace the statements, also through a link', async () => {
    const directory = await temporaryDirectory();
    const file = await write(directory, 'a.lean', EASY);
    const link = path.join(directory, 'b.jsonl');
    await symlink(file, link);
    for (const out of [file, path.join(directory, '.', 'a.lean'), link]) {
      for (const more of [[], ['--resume']]) {
        const result = await runHere('prove', file, '--out', out, ...more);
        expect(result).toMatchObject({
          code: 2,
          err: expect.stringContaining('would replace the statements') as string,
        });
      }
    }
    expect(await readFile(file, 'utf8')).toBe(`${EASY}\n`);
  });

  test('to resume a file that holds something else', async () => {
    const directory = await temporaryDirectory();
    const file = await write(directory, 'a.lean', EASY);
    const out = await write(directory, 'notes.txt', 'dear diary', 'no line end at last');
    const result = await runHere('prove', file, '--out', out, '--resume');
    expect(result).toMatchObject({
      code: 2,
      err: expect.stringMatching(/notes\.txt:1 is no line of results/) as string,
    });
    expect(await readFile(out, 'utf8')).toBe('dear diary\nno line end at last\n');
  });
});

describe('the launcher', () => {
  test('works from any directory, and passes the exit code on', async () => {
    const data = await temporaryDirectory();
    expect(await run(['--version'], { data })).toMatchObject({ code: 0, err: '' });
    expect(await run(['prove', 'no.lean'], { data })).toMatchObject({
      code: 2,
      err: 'proofswarm: no.lean: cannot be read: there is no such file\n',
    });
  });

  test.skipIf(oldNode === undefined)('uses the pinned Node where an older one starts it', async () => {
    const data = await temporaryDirectory();
    const node = oldNode ?? '';
    expect(await run(['--version'], { data, node })).toMatchObject({ code: 0, err: '' });
    expect(await run(['prove', 'no.lean'], { data, node })).toMatchObject({ code: 2, out: '' });
  });

  test('does not mind a reader that has seen enough', async () => {
    const data = await temporaryDirectory();
    const lines = Array.from({ length: 2000 }, (_, i) => `theorem t${i} : ${i} = ${i} := by sorry`);
    const file = await write(data, 'many.lean', ...lines);
    expect(await run(['statements', 'import', file], { data })).toMatchObject({ code: 0 });
    const list = `"${process.execPath}" "${PROJECT}/core/cli/bin.mjs" statements list --json --limit 2000`;
    const piped = await startProgram(['bash', '-c', `set -o pipefail; ${list} | head -n 1`], { data })
      .finished;
    expect(piped).toMatchObject({ code: 0, err: '' });
    expect(piped.out.split('\n')).toHaveLength(2);
  });
});
