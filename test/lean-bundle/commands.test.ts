import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnWithNode, type LeanProcess } from '../../core/lean/index.ts';
import { PREPARED } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';
import type { BothWays } from './commands-process.ts';

let child: LeanProcess;
let answer: (message: unknown) => void;
let died: (error: Error) => void;

beforeAll(async () => {
  const entry = path.join(PROJECT, 'test/lean-bundle/commands-process.ts');
  child = spawnWithNode({ entry, args: [PREPARED], readable: [PREPARED, PROJECT] });
  const ready = nextMessage();
  child.onMessage((message) => answer(message));
  child.onExit((code, signal, stderr) => died(new Error(`${code} ${signal} ${stderr}`)));
  await ready;
}, 60_000);
afterAll(() => child.kill());

function nextMessage(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    answer = resolve;
    died = reject;
  });
}

async function bothWays(sources: readonly (readonly [string, string])[]): Promise<BothWays[]> {
  const answered = nextMessage();
  child.send(sources);
  return (await answered) as BothWays[];
}

const without = (source: string): string => source.replace(/^import .*$/gm, '');

describe('a source that is elaborated command by command in one thread', () => {
  test('has the messages that Lean itself would give, in its order', { timeout: 60_000 }, async () => {
    const sources = [
      '',
      '-- nothing',
      'theorem a : 1 = 2 := by rfl\ntheorem b : 1 = 1 := by sorry\n#eval 1\n#check a',
      'theorem a : 1 = := by rfl\n\ntheorem b : 2 = 2 := rfl\n)',
      'def f (n : Nat) := match n with\n  | 0 => 1\n  | n + 1 => f n +\n#print axioms Nat.add_comm',
      'theorem a (p q : Prop) : p ∧ q := by\n  constructor <;> simp <;> omega\n  all_goals trivial',
      'theorem a (n : Nat) : n = n + 0 := by simp?\ntheorem b (x : Nat) : x < 3 := by\n  induction x <;> omega',
      'namespace N\nopen Nat in\ntheorem a : succ 0 = 1 := rfl\nset_option maxHeartbeats 20 in\nexample (a b : Nat) (h : a < b) : a ≤ b := by omega\nend M',
      'inductive T | a | b\nderiving DecidableEq, Repr\ndef g : T → T | .a => .b | .b => .a\ntheorem t (x : T) : g (g x) = x := by cases x <;> simp [g] <;> decide',
      'section\nvariable (n : Nat)\n/-- doc -/\ntheorem a : n = n := by\n  intro\n',
      'macro "bang" : tactic => `(tactic| omega)\nexample (a : Nat) : a < a + 1 := by bang\nnotation "⟪" x "⟫" => x\nexample : ⟪1⟫ = 2 := rfl',
      'syntax "foo" : command\nfoo\nelab "bar" : command => throwError "no"\nbar',
      'def f : Nat → Nat | 0 => 0 | n + 1 => f n + 2\ntheorem a (n : Nat) : f (n + 1) = f n + 2 := by simp [f] <;> omega\ntheorem b (n : Nat) : f n = n := by simp [f] <;> omega',
    ];
    const results = await bothWays(sources.map((source) => ['', source]));
    for (const { here, asLeanDoes } of results) expect(here).toEqual(asLeanDoes);
    // That they agree is worth something: there are errors, warnings and information among them.
    for (const severity of ['error', 'warning', 'information']) {
      expect(JSON.stringify(results)).toContain(`"severity":"${severity}"`);
    }
  });

  test('agrees with Lean on the honest submissions', { timeout: 120_000 }, async () => {
    const files = globSync('test/hostile/honest/*/submission.lean', { cwd: PROJECT }).toSorted();
    const sources = files
      .map((file) => readFileSync(path.join(PROJECT, file), 'utf8'))
      .filter((source) => !/^import (?!Init\b)/m.test(source));
    expect(sources.length).toBeGreaterThan(60);
    const results = await bothWays(sources.map((source) => ['', without(source)]));
    for (const [index, { here, asLeanDoes }] of results.entries()) {
      expect(here, sources[index]).toEqual(asLeanDoes);
    }
  });

  test('tells nothing of a preamble again', async () => {
    const preamble =
      'def f : Nat → Nat | 0 => 0 | n + 1 => f n + 2\nexample : f 1 = 2 := by simp [f] <;> sorry\n';
    const [result] = await bothWays([
      [preamble, 'theorem a (n : Nat) : f n = n := by\n  simp [f] <;> omega\n'],
    ]);
    expect(result?.here).toEqual(result?.asLeanDoes);
    expect(result?.here).toMatchObject({ failed: true });
    expect(JSON.stringify(result)).not.toContain('sorry');
  });

  test('is left to Lean where it has asked for tasks', async () => {
    const [result] = await bothWays([
      ['', 'set_option Elab.async true\ntheorem a (a b : Nat) (h : a < b) : b < a := by omega\n'],
    ]);
    expect(result?.here).toBeNull();
    expect(result?.asLeanDoes).toMatchObject({ failed: true });
  });
});
