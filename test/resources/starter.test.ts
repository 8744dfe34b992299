import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DIFFICULTIES, type Statement } from '../../core/record/index.ts';
import { collectStatements } from '../support/collect-statements.ts';
import { CORE, testChecker } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';

const PACK = path.join(PROJECT, 'resources/statements/starter.jsonl');
const PROOFS = path.join(PROJECT, 'test/fixtures/starter-proofs.jsonl');

const proofs = readFileSync(PROOFS, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => z.object({ name: z.string(), proof: z.string() }).parse(JSON.parse(line)));

let statements: readonly Statement[];
beforeAll(async () => {
  const found = await collectStatements(PACK, { environment: CORE });
  expect(found.problems).toEqual([]);
  expect(found.duplicates).toEqual([]);
  ({ statements } = found);
});

const checker = testChecker({ jobs: 2 });
afterAll(() => checker.dispose());

/** Runs over all items, two at a time, and returns what went wrong. */
async function complaints<T>(
  items: readonly T[],
  look: (item: T) => Promise<string | undefined>,
): Promise<string[]> {
  const queue = [...items];
  const found: string[] = [];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const complaint = await look(item);
      if (complaint !== undefined) found.push(complaint);
    }
  };
  await Promise.all([lane(), lane()]);
  return found;
}

describe('the starter pack', () => {
  test('holds at least 200 statements of every difficulty, each with a topic and a sentence', () => {
    expect(statements.length).toBeGreaterThanOrEqual(200);
    expect(new Set(statements.map((s) => s.difficulty))).toEqual(new Set(DIFFICULTIES));
    for (const difficulty of DIFFICULTIES) {
      const topics = new Set(statements.filter((s) => s.difficulty === difficulty).map((s) => s.topic));
      expect(topics.size, difficulty).toBeGreaterThanOrEqual(4);
    }
    expect(statements.filter((s) => (s.informal ?? '').length < 10 || s.topic === undefined)).toEqual([]);
  });

  test('says each thing once, names aside', () => {
    const texts = statements.map((s) => `${s.header}\n${s.formal.replace(s.name, 'it')}`);
    expect(new Set(texts).size).toBe(texts.length);
    expect(new Set(statements.map((s) => s.name)).size).toBe(statements.length);
  });

  test('elaborates in the embedded environment, every statement', async () => {
    const found = await complaints(statements, async (statement) => {
      try {
        await checker.checkStatement(statement, { timeoutMs: 60_000 });
        return undefined;
      } catch (error) {
        return `${statement.name}: ${(error as Error).message}`;
      }
    });
    expect(found).toEqual([]);
  }, 300_000);

  test('is true as far as its proofs go: each stored proof is accepted', async () => {
    const byName = new Map(statements.map((s) => [s.name, s]));
    const proved = new Set(proofs.map((p) => p.name));
    expect(statements.filter((s) => s.difficulty !== 'open-ended' && !proved.has(s.name))).toEqual([]);
    const found = await complaints(proofs, async ({ name, proof }) => {
      const statement = byName.get(name);
      if (statement === undefined) return `${name}: no such statement`;
      const { verdict } = await checker.check(statement, proof, { timeoutMs: 120_000 });
      return verdict.kind === 'proved' ? undefined : `${name}: ${JSON.stringify(verdict).slice(0, 400)}`;
    });
    expect(found).toEqual([]);
  }, 600_000);
});
