import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBank } from '../../core/memory/index.ts';
import { numbered, prove, type Proven } from '../memory/proofs.ts';
import { statement } from '../support/lean.ts';
import { damagedBank } from './damaged-bank.ts';
import { runHere, temporaryDirectory, write } from './run.ts';

const reversed = prove(statement('theorem twice_reversed (xs : List Nat) : xs.reverse.reverse = xs'));
const again = prove(reversed.proof.statement, { by: 'by rw [List.reverse_reverse]', policy: 'llama' });
const others = [1, 2, 3].map((n) => prove(numbered(n, { topic: 'nat' })));
const hostile = prove(statement('theorem «\x1b[2Jgone» : True'));

let data = '';
beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'proofswarm-bank-cli-'));
  await using bank = await openBank({ directory: path.join(data, 'bank') });
  for (const { proof, signed } of [reversed, again, ...others, hostile]) await bank.insert(proof, signed);
});
afterAll(() => rm(data, { recursive: true, force: true }));

const bank = (...args: string[]): ReturnType<typeof runHere> => runHere('bank', ...args, '--data', data);

/** So much of an id as no other has. */
const short = ({ signed }: Proven): string => signed.id.slice(0, 24);

test('a line of the journal that is damaged is told of, and the rest is there', async () => {
  const damaged = await temporaryDirectory();
  await damagedBank(damaged, others);
  const { code, out, err } = await runHere('bank', 'stats', '--data', damaged);
  expect(code).toBe(0);
  expect(out).toMatch(/^proofs +3$/m);
  expect(err).toMatch(/^bank: A line of the bank is damaged: .* at \d+: .*\. All others were loaded\.\n$/);
});

describe('bank search', () => {
  test('finds statements by words, several arguments being one search', async () => {
    const { code, out } = await bank('search', 'List.reverse', 'twice');
    expect(code).toBe(0);
    expect(out).toMatch(/^proof +name +statement\n/);
    expect(out.split('\n')[2]).toMatch(/^bafyrei\w+ +twice_reversed +theorem twice_reversed/);
  });

  test('prints a JSON line a statement, with its proofs shortest first', async () => {
    const { out } = await bank('search', 'reverse', '--json', '--limit', '1');
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        statement: { ...reversed.proof.statement },
        proofs: [reversed.signed.id, again.signed.id],
        score: expect.any(Number) as number,
      },
    ]);
  });

  test('keeps to its limit', async () => {
    const { out } = await bank('search', 'numbered', '--json', '--limit', '2');
    expect(out.trimEnd().split('\n')).toHaveLength(2);
  });

  test.each(['zzzzqqqq', '', '"; DROP TABLE', '*'])('says so where nothing is found: %j', async (text) => {
    expect(await bank('search', text)).toEqual({ code: 0, out: '', err: 'Nothing found.\n' });
  });
});

describe('bank show', () => {
  test('shows a proof by the beginning of its id', async () => {
    const { code, out } = await bank('show', short(again));
    expect(code).toBe(0);
    expect(out).toContain(`proof      ${again.signed.id}\nfound by   llama, round 1, peer 12D3KooW`);
    expect(out).toContain(
      `checked by test 1\ncreated    2023-11-14T22:13:20.000Z\n\n${again.proof.submission}\n`,
    );
    expect(out).not.toContain(reversed.signed.id);
  });

  test('shows a statement with all its proofs', async () => {
    const { out } = await bank('show', reversed.proof.statement.id);
    expect(out).toContain(`statement  ${reversed.proof.statement.id}`);
    expect(out).toContain(reversed.signed.id);
    expect(out).toContain(again.signed.id);
  });

  test('prints whole records as JSON', async () => {
    const { out } = await bank('show', short(again), '--json');
    const { statement: of, proofs } = JSON.parse(out) as {
      statement: unknown;
      proofs: { id: string; record: unknown; signature: string }[];
    };
    expect(of).toEqual({ ...again.proof.statement });
    expect(proofs).toEqual([
      {
        id: again.signed.id,
        record: again.signed.record,
        signature: Buffer.from(again.signed.signature).toString('hex'),
      },
    ]);
  });

  test('ends with 1 where there is nothing, and with 2 where there are several', async () => {
    expect(await bank('show', 'bafyreizzzz')).toEqual({
      code: 1,
      out: '',
      err: 'proofswarm: the bank holds nothing whose id begins with bafyreizzzz\n',
    });
    expect(await bank('show', "' OR 1=1")).toMatchObject({ code: 1 });
    expect(await bank('show', 'bafyrei')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/several ids begin with bafyrei: bafyrei\w+, /) as string,
    });
  });

  test('does not let a name steer the terminal', async () => {
    const { out } = await bank('show', hostile.signed.id);
    expect(out).toContain('name       «�[2Jgone»');
    expect(out).not.toContain('\x1b');
  });
});

describe('bank stats', () => {
  test('counts', async () => {
    const { code, out } = await bank('stats');
    expect(code).toBe(0);
    expect(out).toMatch(/^proofs +6\nstatements +5\nattempts +0\n/);
    expect(out).toMatch(/^by topic +.*nat 3/m);
    expect(out).toMatch(/^by policy +portfolio 5, llama 1$/m);
    expect(out).toMatch(/^on disk +[\d.]+ [kM]B in .*bank$/m);
  });

  test('prints JSON', async () => {
    const { out } = await bank('stats', '--json');
    expect(JSON.parse(out)).toMatchObject({ proofs: 6, statements: 5, policies: { portfolio: 5, llama: 1 } });
  });

  test('of an empty bank are all zero', async () => {
    const { code, out } = await runHere('bank', 'stats', '--json', '--data', await temporaryDirectory());
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ proofs: 0, statements: 0, attempts: 0 });
  });

  test('need a bank: a file in its place, or something else, is an error in one line', async () => {
    const file = await write(await temporaryDirectory(), 'file', '');
    const { code, err } = await runHere('bank', 'stats', '--data', file);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/^proofswarm: not a bank directory: .*\n$/) as string,
    });
  });
});
