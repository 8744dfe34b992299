import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isInert } from '../../core/lean/inert/text.ts';
import { splitImports } from '../../core/lean/source.ts';
import { PROJECT } from '../support/paths.ts';

const inert = (source: string): boolean => {
  const split = splitImports(source);
  if (split.kind !== 'source') throw new Error(split.detail);
  return isInert(split.imports, split.body);
};

describe('inert are', () => {
  test.each([
    '',
    'import Std\ntheorem t : 1 + 1 = 2 := by decide',
    '-- Lean 4: a macro, #eval and all that\ntheorem t : True := trivial -- native',
    '/- run_cmd /- nested -/ elab -/ theorem t : True := trivial',
    '/-- Evaluates (an `unsafe` remark). -/\ndef eval : Nat → Nat := fun n => n',
    'theorem t (f : Nat → Nat) : f 1 = f 1 := by exact congrArg (motive := _) (f := f) rfl',
    'instance : Add Bool := ⟨xor⟩\nnotation:65 a " ⊹ " b => xor a b',
    'theorem t : (0 : Int) < 5 := by simp +decide',
    'inductive Init | mk\nderiving Repr, DecidableEq',
    'example (a b : Nat) : a / b ≤ a := Nat.div_le_self a b',
    'example : 0#w = 0 := rfl',
    "def c := 'a'\ndef alternative (x' : Nat) := x'",
    'theorem t (Boolean boolean : Prop) (h : Boolean) : Boolean := h',
    '@[simp] theorem t : True := trivial\nattribute [local simp, grind =] t\n@[ext, reducible] structure S where\n  x : Nat',
    'attribute [-simp] Nat.add_comm\n@[simp ←, grind →, default_instance 100, inherit_doc Nat] def f := 1',
    'set_option maxRecDepth 5000 in\nset_option pp.all true\nset_option linter.unusedVariables false',
    'def f {m : Type → Type} [Alternative m] (alternative : m Nat) := alternative',
    'instance (priority := low) : Add Bool := ⟨xor⟩\nnotation (name := plus) a "⊹" b => xor a b',
    'export Nat (succ)\n/-- A `⟪x⟫`. -/\nnotation "⟪" x "⟫" => id x -- of whatever\n@[simp] theorem t : True := trivial',
    'theorem t : 0xFF#8 = 255#8 := by decide\ntheorem u : 0b101 = 5 ∧ 0o17 = 15 := by decide',
    '#check Nat\n#print axioms Nat.add_comm\naxiom a : False\n#exit',
  ])('%j', (source) => expect(inert(source)).toBe(true));

  test('all statements of the starter pack', () => {
    const lines = readFileSync(path.join(PROJECT, 'resources/statements/starter.jsonl'), 'utf8');
    for (const line of lines.trim().split('\n')) {
      const { header = '', formal_statement: formal } = JSON.parse(line) as Record<string, string>;
      expect(inert(`${header}\n${formal}`), line).toBe(true);
    }
  });
});

describe('not inert are', () => {
  test.each([
    'import Lean\ntheorem t : True := trivial',
    'import Lean.Elab.Command',
    '@[term_parser] def p := dbgSleep 1500 fun _ => termDepIfThenElse',
    '@[simp, term_parser] def p := termIfThenElse',
    '@[local term_parser] def p := termIfThenElse',
    '@[«term_parser»] def p := termIfThenElse',
    'attribute [term_parser] termIfThenElse',
    'attribute\n  [/- -/ command_parser 5] termIfThenElse',
    'attribute [simp] a attribute [tactic_parser] b',
    '@[category_parenthesizer term] def p := 1',
    '@[simp, foo[1], x] def p := 1',
    '@[some_attribute.of.others] def p := 1',
    '@[simp.x] def p := 1',
    '@[] def p := 1',
    '@[simp def p := 1',
    '@[deprecated "]", quot_precheck x] def p := 1',
    'def q (b : Bool) := if b then unsafeCast "abc" else termIfThenElse',
    'def q := unsafeBaseIO f',
    'theorem t : 1 = 2 := lcProof',
    'set_option debug.skipKernelTC true\ntheorem t : True := trivial',
    'set_option debug.skipKernelTC\n true in\ntheorem t : True := trivial',
    'set_option «debug».skipKernelTC true',
    'set_option debug.byAsSorry true',
    'set_option interpreter.prefer_native true',
    'set_option /- -/ compiler.check false',
    'theorem t : True := by set_option debug.skipKernelTC true in trivial',
    '#eval 1',
    'theorem t : True := trivial #guard true',
    'def f := 1#eval 2',
    '#check_tactic a ~> b by skip',
    '#exit!',
    'macro "x" : tactic => `(tactic| trivial)',
    'local macro_rules | `(tactic| trivial) => `(tactic| sorry)',
    '@[«macro» term_] def f := 1',
    'open «Lean» in\ndef f := 1',
    'def f := _root_.Lean.reduceBool true',
    'def x := 5macro "y" : term => `(1)',
    'def x := 0x1macro "y" : term => `(1)',
    "def x := 'macro",
    'def c := \'a\'macro "two" : term => `(2)',
    "def c := 'a'run_cmd f",
    'def c := \'\\x41\'macro "two" : term => `(2)',
    "def c := ' 'amacro f",
    "def c := 'a'1macro f",
    "'a'attribute [term_parser] p",
    "def c := 'a'set_option interpreter.prefer_native true",
    "def c := 'a'unsafeCast",
    'notation "§a" => 0\ndef x := §amacro "y" : term => `(1)',
    'notation "§a" x:max => x\ndef x := §aunsafeCast "abc"',
    'notation "§a" x:max => x\ndef x := §aLean.versionString',
    'notation "a§b" => 0\ndef x := a§bmacro "y" : term => `(1)',
    'notation "»a" => 0\ndef x := »amacro "y" : term => `(1)',
    'notation "!a" => 0\ndef x := !amacro "y" : term => `(1)',
    'notation "\'a" => 0\ndef x := \'amacro "y" : term => `(1)',
    'open Std in\nexample := m ~mreduceBool',
    'def x := id«unsafeCast» "abc"',
    'notation "§a" => 0\n§aattribute [term_parser] p',
    'notation "§a" => 0\n§aset_option debug.skipKernelTC true',
    'theorem t : True := by simp (maxSteps := f ())',
    'theorem t : True := by simp (config := { maxSteps := f () })',
    'theorem t : True := by simp («maxSteps» := f ())',
    'theorem t : True := by simp ( maxSteps\n:= f ())',
    'theorem t : True := by simp (/- -/ maxSteps := f ())',
    'theorem t : True := by native_decide',
    'theorem t : True := by decide +native',
    'def f (h : autoParam True g) := 1',
    'instance : OfNat Nat 5 := ⟨f ()⟩',
    'set_option doc.verso true\n/-- {lean}`f ()` -/\ndef g := 1',
    '@[implemented_by f] def g := 1',
    'def s := "--" #eval f',
    'def s := "/-"\n#eval f\ndef t := "-/"',
    'def s := {x : Int //-1 < x}\n#eval f\n-/',
    'def f := do let x <--1; #eval f',
    'notation "/-" => f\n #eval f -/',
    'x-- /- x\n#eval 1\n-/',
    '/- -/ #eval 1 /- -/',
    '/-/ -/ -/ #eval 1',
    '/- --/ #eval 1',
    '/- ---/ #eval 1',
    '/-/-/ #eval 1 -- -/ -/',
    '/-- -- -/ /- /-\n-/ @[term_parser] def p := dbgSleep 1500 fun _ => termDepIfThenElse -- -/',
    '/-!\n/- -/ /- /-\n-/ #eval 1 -- -/',
    'def f (x : Alternative) := [eval, (run_cmd f)]',
    'notation "(a" => 0\ndef x := (amacro "y" : term => `(1)',
    '/- «» -/ attribute /- -/ [term_parser] p',
    '/- «» -/ @[simp /- ] -/, term_parser] def p := 1',
    '/- «» -/ theorem t : True := by simp (/- -/ maxSteps := f ())',
    '/- «» -/ theorem t : True := by simp (maxSteps /- -/ := f ())',
    '/- «» -/ theorem t : True := by simp (maxSteps -- a\n := f ())',
    '/- «» -/ set_option/- -/debug.skipKernelTC true',
    '/- «» -/ def s := "a macro"',
  ])('%j', (source) => expect(inert(source)).toBe(false));

  test('sources with a running command between whatever comments', () => {
    const comment = fc.constantFrom(
      ' /- a -/ ',
      ' /-- a -/ ',
      ' -- a\n',
      ' /- /- a -/ -/ ',
      ' /- -- -/ ',
      ' /-! a -/ ',
    );
    fc.assert(
      fc.property(
        fc.array(comment, { maxLength: 6 }),
        fc.array(comment, { maxLength: 6 }),
        (before, after) => {
          expect(inert(`${before.join('')}\nrun_cmd f\n${after.join('')}`)).toBe(false);
          expect(inert(`${before.join('')}\ndef f := 1\n${after.join('')}`)).toBe(true);
        },
      ),
    );
  });
});
