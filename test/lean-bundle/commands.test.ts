import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnWithNode, type LeanProcess } from '../../core/lean/index.ts';
import { PREPARED } from '../support/lean.ts';
import { PROJECT } from '../support/paths.ts';
import type { BothWays } from './commands-process.ts';

let child: LeanProcess;
let ended: Promise<never>;
let answer: (message: unknown) => void;

beforeAll(async () => {
  const entry = path.join(PROJECT, 'test/lean-bundle/commands-process.ts');
  child = spawnWithNode({ entry, args: [PREPARED], readable: [PREPARED, PROJECT] });
  const ready = nextMessage();
  child.onMessage((message) => answer(message));
  ended = new Promise((_, reject) =>
    child.onExit((code, signal, stderr) => reject(new Error(`${code} ${signal} ${stderr}`))),
  );
  await Promise.race([ready, ended]);
}, 60_000);
afterAll(async () => {
  child.kill();
  await ended.catch(() => {});
});

function nextMessage(): Promise<unknown> {
  return new Promise((resolve) => {
    answer = resolve;
  });
}

async function bothWays(sources: readonly (readonly [string, string])[]): Promise<BothWays[]> {
  const answered = nextMessage();
  child.send(sources);
  return (await Promise.race([answered, ended])) as BothWays[];
}

const without = (source: string): string => source.replace(/^import .*$/gm, '');

function sorted(messages: unknown): string[] {
  const { diagnostics } = messages as { diagnostics: readonly object[] };
  return diagnostics.map((diagnostic) => JSON.stringify(diagnostic)).toSorted();
}

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
      'def f : Nat → Nat | 0 => 0 | n + 1 => f n + 2\ntheorem a (n : Nat) : f (n + 1) = f n + 2 := by simp [f]\n/-- info: 1 -/\n#guard_msgs in\n#eval 1\ntheorem b (n : Nat) : f n = n := by simp [f]',
      'set_option trace.Meta.synthInstance true\nexample : Inhabited Nat := inferInstance\nexample : Inhabited Bool := inferInstance',
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

  test('waits for what the source leaves to tasks', async () => {
    const theorems =
      'theorem a (a b : Nat) (h : a < b) : b < a := by omega\ntheorem b : 1 = 1 := by\n  sorry\n#print axioms b\n';
    const results = await bothWays([
      ['', `set_option Elab.async true\n${theorems}`],
      ['', `set_option Elab.async true in\n${theorems}def f (n : Nat) : Nat := f (n + 1)\n#eval f 1`],
    ]);
    for (const { here, asLeanDoes } of results) {
      expect(here).toMatchObject({ failed: true });
      // In what order a command's own messages and those of its tasks come is not said.
      expect(sorted(here)).toEqual(sorted(asLeanDoes));
    }
  });
});
