import { describe, expect, it } from 'vitest';
import { conclusion, readGoal, readSignature } from '../../core/policy/portfolio/context.ts';
import { applicationArguments, splitTop, unwrap } from '../../core/policy/portfolio/lean-text.ts';
import { hypotheses, readShape, values } from '../../core/policy/portfolio/shape.ts';
import { statement } from './states.ts';

const TREE = `inductive Tree (α : Type) where
  | leaf : Tree α
  | node : Tree α → α → Tree α → Tree α
def Tree.size {α : Type} : Tree α → Nat
  | .leaf => 0
  | .node l _ r => l.size + 1 + r.size
def unrelated (n : Nat) : Nat := n
/- def hidden : Nat := 0 -/
theorem size_leaf (α : Type) : (Tree.leaf : Tree α).size = 0 := rfl`;

describe('reading a statement', () => {
  it('tells values from types and hypotheses', () => {
    const shape = readShape(
      statement(
        'theorem t {α : Type} [DecidableEq α] (R : α → α → Prop) (x y : α) (f : Nat → Nat) (h : ∀ n, f n = n)\n    (r : R x y) : f 0 = 0',
      ),
    );
    expect(values(shape.root, shape).map((v) => v.name)).toEqual(['R', 'x', 'y', 'f']);
    expect(hypotheses(shape.root, shape).map((h) => h.name)).toEqual(['h', 'r']);
    expect(shape.root.goal).toBe('f 0 = 0');
  });

  it('finds the definitions that the theorem rests on, and no others', () => {
    const shape = readShape(statement('theorem t (α : Type) (t : Tree α) : 0 ≤ t.size', TREE));
    expect(shape.unfoldable).toEqual(['Tree.size']);
    expect(shape.lemmas).toEqual(['size_leaf']);
    expect(shape.definitions.map((d) => [d.name, d.kind, d.recursive])).toEqual([
      ['Tree', 'inductive', true],
      ['Tree.size', 'def', true],
      ['unrelated', 'def', false],
      ['size_leaf', 'theorem', false],
    ]);
  });

  it('names the arguments of constructors', () => {
    const shape = readShape(statement('theorem t (α : Type) (t : Tree α) : 0 ≤ t.size', TREE));
    expect(shape.definitions[0]?.constructors).toEqual([
      { name: 'leaf', fields: [] },
      {
        name: 'node',
        fields: [
          { name: 'l', recursive: true },
          { name: 'x', recursive: false },
          { name: 'r', recursive: true },
        ],
      },
    ]);
  });

  it('sees header variables that the theorem mentions', () => {
    const shape = readShape(statement('theorem t : a + 0 = a', 'variable (a b : Nat)'));
    expect(values(shape.root, shape)).toEqual([{ name: 'a', type: 'Nat' }]);
  });
});

describe('reading Lean', () => {
  it('reads a printed goal with its case tag and wrapped lines', () => {
    const goal = readGoal('case succ\na b : Nat\nih :\n  a =\n    b\n⊢ a + 1 =\n  b + 1');
    expect(goal).toEqual({
      tag: 'succ',
      locals: [
        { name: 'a', type: 'Nat' },
        { name: 'b', type: 'Nat' },
        { name: 'ih', type: 'a = b' },
      ],
      goal: 'a + 1 = b + 1',
    });
  });

  it('makes nothing of a text that is no goal', () => {
    expect(readGoal('linarith failed')).toBeUndefined();
  });

  it('finds what a proposition concludes', () => {
    expect(conclusion('∀ (x : Nat), P x → (∃ y, Q x y)')).toBe('Q x y');
  });

  it('splits outside brackets only', () => {
    expect(splitTop('(a → b) → c → {d → e}', '→')).toEqual(['(a → b)', 'c', '{d → e}']);
    expect(applicationArguments('x (f y) [1, 2] z.val')).toEqual(['x', '(f y)', '[1, 2]', 'z.val']);
    expect(unwrap('((a) + (b))')).toBe('(a) + (b)');
  });

  it('survives brackets that never close', () => {
    expect(readSignature('(a : Nat : a = (').goal).toBe('');
  });
});
