/**
 * Run by hand: how much of a pack of statements the portfolio proves, by difficulty.
 *
 *   npx node test/bench/portfolio.ts [--file PACK.jsonl] [--seconds 60] [--only REGEX] [--rounds 100] [--proofs]
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { portfolio } from '../../core/policy/portfolio/index.ts';
import { makeStatement, DIFFICULTIES } from '../../core/record/index.ts';
import { prove } from '../../core/repair/index.ts';
import { CORE, testChecker } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';
import prepare from '../support/prepare-lean.ts';

const { values: options } = parseArgs({
  options: {
    file: { type: 'string', default: path.join(PROJECT, 'resources/statements/starter.jsonl') },
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '100' },
    only: { type: 'string', default: '' },
    proofs: { type: 'boolean', default: false },
    'no-feedback': { type: 'boolean', default: false },
  },
});

const line = z.object({
  name: z.string(),
  header: z.string().default(''),
  formal_statement: z.string(),
  difficulty: z.enum(DIFFICULTIES).default('medium'),
});

await prepare();
await using checker = testChecker();
await checker.warmUp();
const policy = portfolio();
const tallies = new Map<string, { all: number; solved: number; quick: number; seconds: number[] }>();

for (const text of readFileSync(options.file, 'utf8').trim().split('\n')) {
  const { name, header, formal_statement: formal, difficulty } = line.parse(JSON.parse(text));
  if (!new RegExp(options.only).test(`${name} ${difficulty}`)) continue;
  const statement = makeStatement({
    environment: CORE,
    header,
    formal: formal.replace(/\s*:=\s*(?:by\s+)?sorry\s*$/, ''),
    name,
    difficulty,
  });
  const outcome = await prove(
    statement,
    { policy, checker },
    {
      seconds: Number(options.seconds),
      rounds: Number(options.rounds),
      feedback: !options['no-feedback'],
    },
  );
  const tally = tallies.get(difficulty) ?? { all: 0, solved: 0, quick: 0, seconds: [] };
  tallies.set(difficulty, tally);
  tally.all += 1;
  if (outcome.solved) {
    tally.solved += 1;
    tally.seconds.push(outcome.seconds);
    if (outcome.checks <= 2) tally.quick += 1;
  }
  const { solved, reason, round, checks, seconds, detail = '' } = outcome;
  console.log(
    solved ? 'ok' : '--',
    difficulty,
    name,
    reason,
    `round ${round}`,
    `${checks} checks`,
    `${seconds.toFixed(1)} s`,
    detail,
  );
  if (options.proofs && outcome.proof !== undefined)
    console.log(outcome.proof.submission.slice(header.length).trim());
}

for (const [difficulty, { all, solved, quick, seconds }] of tallies) {
  const within = (limit: number): number => seconds.filter((s) => s <= limit).length;
  console.log(
    `${difficulty}: ${solved} of ${all} (${((100 * solved) / all).toFixed(0)}%); within 2 s ${within(2)}, 10 s ${within(10)},`,
    `30 s ${within(30)}; in at most 2 checks ${quick}`,
  );
}
