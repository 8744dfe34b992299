import { afterAll, describe, expect, test } from 'vitest';
import { MESSAGE_LIMITS } from '../../core/lean/protocol/index.ts';
import { MessageCollector, type LeanMessage } from '../../core/lean/protocol/messages.ts';
import { makeStatement } from '../../core/record/index.ts';
import { CORE, testChecker } from '../support/lean.ts';

const message = (line: number, severity: LeanMessage['severity'], kind = 'other'): LeanMessage => ({
  data: `${severity} ${line}`,
  pos: { line, column: 0 },
  severity,
  kind,
});

describe('the messages of a source', () => {
  test('are all kept, in order, where there are few', () => {
    const collected = new MessageCollector(5);
    collected.add({ ...message(1, 'warning'), pos: { line: 1, column: 7 } });
    collected.add(message(2, 'information'));
    expect(collected.diagnostics.map((d) => d.position)).toEqual([
      { line: 1, column: 2 },
      { line: 2, column: 0 },
    ]);
    expect([collected.omitted, collected.failed]).toEqual([0, false]);
  });

  test('that decide take the place of the last others', () => {
    const collected = new MessageCollector();
    for (let line = 1; line <= 150; line++) collected.add(message(line, 'warning'));
    collected.add(message(151, 'warning', 'hasSorry'));
    collected.add(message(152, 'error'));
    collected.add(message(153, 'warning'));
    const lines = collected.diagnostics.map((d) => d.position.line);
    expect(lines).toEqual([...Array.from({ length: 98 }, (_, i) => i + 1), 151, 152]);
    expect([collected.omitted, collected.failed]).toEqual([53, true]);
  });

  test('are the first where all decide', () => {
    const collected = new MessageCollector();
    for (let line = 1; line <= 120; line++) collected.add(message(line, 'error'));
    expect(collected.diagnostics).toHaveLength(MESSAGE_LIMITS.count);
    expect(collected.diagnostics.at(-1)?.position.line).toBe(MESSAGE_LIMITS.count);
    expect(collected.omitted).toBe(20);
  });
});

describe('behind a header with many warnings', () => {
  const checker = testChecker();
  afterAll(() => checker.dispose());
  const header = Array.from({ length: 120 }, (_, i) => `theorem a${i} (x : Nat) : True := trivial`).join(
    '\n',
  );
  const statement = makeStatement({
    environment: CORE,
    header,
    formal: 'theorem target (n : Nat) : n + 0 = n',
    name: 'target',
  });

  test('a statement is judged, and what is wrong with a submission is told', async () => {
    const submit = async (proof: string): Promise<unknown> =>
      (await checker.check(statement, `${header}\ntheorem target (n : Nat) : n + 0 = n := ${proof}`)).verdict;
    expect(await submit('rfl')).toMatchObject({ kind: 'proved' });
    const failed = await submit('by\n  skip');
    expect(failed).toMatchObject({ kind: 'failed', goals: [expect.stringContaining('⊢ n + 0 = n')] });
  });
});
