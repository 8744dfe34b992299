import { describe, expect, it } from 'vitest';
import { CORE, only, readRow } from './helpers.ts';

const HEADER =
  'import Mathlib\nimport Aesop\n\nset_option maxHeartbeats 0\n\nopen BigOperators Real Nat Topology Rat';
const MATHLIB = { lean: CORE.lean, library: 'mathlib', revision: 'unknown' };

describe('a row in the shape of', () => {
  it('MiniF2F, as DeepSeek publishes it', () => {
    const statement = only(
      readRow({
        name: 'mathd_algebra_0',
        split: 'valid',
        informal_prefix: '/-- What is $x$ if $x + 1 = 3$? Show that it is 2.-/\n',
        formal_statement: 'theorem mathd_algebra_0 (x : ℝ) (h₀ : x + 1 = 3) :\n  x = 2 := by\n',
        goal: 'x : ℝ\nh₀ : x + 1 = 3\n⊢ x = 2',
        header: `${HEADER}\n\n`,
      }),
    );
    expect(statement).toMatchObject({
      name: 'mathd_algebra_0',
      environment: MATHLIB,
      header: HEADER,
      formal: 'theorem mathd_algebra_0 (x : ℝ) (h₀ : x + 1 = 3) :\n  x = 2',
      informal: 'What is $x$ if $x + 1 = 3$? Show that it is 2.',
      tags: ['split:valid'],
    });
  });

  it('MiniF2F, as miniF2F-lean4 publishes it', () => {
    const statement = only(
      readRow({
        id: 'mathd-algebra-0',
        name: 'mathd_algebra_0',
        split: 'test',
        header: HEADER,
        informal_stmt: 'What is $x$?',
        informal_proof: 'Subtract.',
        formal_statement: 'theorem mathd_algebra_0 (x : ℕ) (h : x + 1 = 3) : x = 2 := sorry',
      }),
    );
    expect(statement).toMatchObject({
      name: 'mathd_algebra_0',
      informal: 'What is $x$?',
      tags: ['id:mathd-algebra-0', 'split:test'],
    });
  });

  it('ProofNet, which ends at `:=`', () => {
    const statement = only(
      readRow({
        name: 'exercise_0',
        split: 'test',
        informal_prefix: '/-- Prove it.-/\n',
        formal_statement: 'theorem exercise_0\n(G : Type*) [Group G] (a b : G)\n: a * b * b⁻¹ = a :=',
        header: 'import Mathlib\n\nopen Function\nopen scoped BigOperators\n\n',
      }),
    );
    expect(statement.formal).toBe('theorem exercise_0\n(G : Type*) [Group G] (a b : G)\n: a * b * b⁻¹ = a');
    expect(statement.header).toBe('import Mathlib\n\nopen Function\nopen scoped BigOperators');
  });

  it('ProofNet#', () => {
    const statement = only(
      readRow({
        id: 'Some-Book|exercise_0',
        nl_statement: 'Prove that $1 = 1$.',
        nl_proof: 'Clear.',
        lean4_src_header: 'import Mathlib\n\nopen Real\n',
        lean4_formalization: 'theorem exercise_0 : (1 : ℝ) = 1 :=',
      }),
    );
    expect(statement).toMatchObject({
      name: 'exercise_0',
      environment: MATHLIB,
      header: 'import Mathlib\n\nopen Real',
      informal: 'Prove that $1 = 1$.',
      tags: ['id:Some-Book|exercise_0'],
    });
  });

  it('PutnamBench, with its answer in a comment', () => {
    const statement = only(
      readRow({
        name: 'putnam_0000_a0',
        lean4_statement:
          'abbrev putnam_0000_a0_solution : ℕ → ℕ := sorry\n-- fun n : ℕ => 2 * n\n/--\nFind $f$.\n-/\n' +
          'theorem putnam_0000_a0\n: ∀ n, putnam_0000_a0_solution n = n + n :=\nsorry',
        informal_statement: 'Find $f$ in closed form.',
        informal_solution: 'Show that it is $2n$.',
        coq_statement: 'null',
        isabelle_statement: 'null',
        tags: ['algebra', 'number_theory'],
      }),
    );
    expect(statement).toMatchObject({
      name: 'putnam_0000_a0',
      environment: CORE,
      header: 'abbrev putnam_0000_a0_solution : ℕ → ℕ :=\n  fun n : ℕ => 2 * n',
      informal: 'Find $f$ in closed form.',
      tags: ['solution-filled', 'algebra', 'number_theory'],
    });
  });

  it('NuminaMath-LEAN, whose statement holds its header', () => {
    const statement = only(
      readRow({
        uuid: '00000000-0000-0000-0000-000000000000',
        problem: 'Show that $a = a$.',
        question_type: 'proof',
        answer: 'proof',
        author: 'human',
        formal_statement:
          'import Mathlib\n\nopen Finset\n\n/- Show that a = a. -/\ndef double (n : ℕ) := 2 * n\n\n' +
          'theorem algebra_0 (a : ℕ) : double a = a + a := by sorry',
        formal_ground_truth: '',
        ground_truth_type: 'complete',
        source: 'olympiads',
        problem_type: 'Algebra',
        exam: null,
      }),
    );
    expect(statement).toMatchObject({
      name: 'algebra_0',
      environment: MATHLIB,
      header: 'import Mathlib\n\nopen Finset\n\ndef double (n : ℕ) := 2 * n',
      informal: 'Show that $a = a$.',
      topic: 'Algebra',
      source: { dataset: 'olympiads' },
      tags: ['id:00000000-0000-0000-0000-000000000000', 'question_type:proof', 'ground_truth_type:complete'],
    });
  });

  it('Lean-Workbook, with blanks around `:=`', () => {
    const statement = only(
      readRow({
        id: 'lean_workbook_plus_0',
        status: 'proved',
        tactic: 'nlinarith',
        natural_language_statement: 'Prove $x^2 \\ge 0$.',
        answer: '',
        formal_statement: 'theorem lean_workbook_plus_0 (x : ℝ) : x ^ 2 ≥ 0  :=  by sorry',
      }),
    );
    expect(statement).toMatchObject({
      name: 'lean_workbook_plus_0',
      environment: CORE,
      header: '',
      formal: 'theorem lean_workbook_plus_0 (x : ℝ) : x ^ 2 ≥ 0',
      informal: 'Prove $x^2 \\ge 0$.',
    });
    expect(statement).not.toHaveProperty('tags');
  });

  it('OProofs, whose proof stands beside', () => {
    const statement = only(
      readRow({
        formal_statement: `${HEADER}\n\n/-- Show it. -/\ntheorem t_0 (n : ℕ) : n + 0 = n := by\n  sorry`,
        formal_proof: `${HEADER}\n\ntheorem t_0 (n : ℕ) : n + 0 = n := by\n  simp`,
        cot_proof: 'First …',
        prompt: '…',
      }),
    );
    expect(statement).toMatchObject({
      name: 't_0',
      header: HEADER,
      informal: 'Show it.',
      environment: MATHLIB,
    });
  });

  it('CombiBench, with theorem_name', () => {
    const row = {
      theorem_name: 'book_1',
      natural_language: 'How many?',
      formal_statement: 'import Mathlib\n\ndef f := 3\n\ntheorem t : f = 3 := by sorry',
      tag: 'counting',
    };
    expect(only(readRow(row))).toMatchObject({
      name: 't',
      informal: 'How many?',
      tags: ['id:book_1', 'counting'],
    });
  });
});
