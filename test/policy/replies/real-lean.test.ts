import { afterAll, expect, it } from 'vitest';
import { testChecker } from '../../support/lean.ts';
import { replyFixtures } from './fixtures.ts';

const checker = testChecker();
afterAll(() => checker.dispose());

it('judges every submission made of a reply as it should', { timeout: 120_000 }, async () => {
  const verdicts = new Map<string, string>();
  const wrong: string[] = [];
  for (const { file, statement, submission, lean } of replyFixtures()) {
    if (lean === '') continue;
    const key = `${statement.id} ${submission}`;
    const kind =
      verdicts.get(key) ?? (await checker.check(statement, submission, { timeoutMs: 60_000 })).verdict.kind;
    verdicts.set(key, kind);
    if (kind !== lean) wrong.push(`${file}: ${kind} instead of ${lean}`);
  }
  expect(wrong).toEqual([]);
  expect(verdicts.size).toBeGreaterThan(40);
  expect([...verdicts.values()].filter((kind) => kind === 'proved').length).toBeGreaterThan(30);
});
