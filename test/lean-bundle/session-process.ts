/** Starts Lean as its processes do, says whether from the kept image, and what it makes of some sources. */
import { judge } from '../../lean-bundle/wasm/judge.ts';
import type { LeanSession } from '../../lean-bundle/wasm/session.ts';
import { startSession } from '../../lean-bundle/wasm/start-session.ts';

const SOURCES = [
  'theorem target (a b : Nat) (h : a < b) : a ≤ b := by omega',
  'theorem target (p q : Prop) : p ∧ q → q ∧ p := by grind',
  'theorem target {α : Type} (xs : List α) : xs.reverse.reverse = xs := by simp?',
  'theorem target : ∃ n : Nat, n * n = 49 := ⟨7, by decide⟩',
  'theorem target (n : Nat) : n < 5 := by omega',
  'def double (n : Nat) := n + n\ntheorem target (n : Nat) : double n = 2 * n := by simp [double]; omega',
  'inductive T | leaf | node (l r : T)\ntheorem target (t : T) : t = t := by cases t <;> rfl',
  'theorem target : 1 = 2 := nonsense',
];

function tryAll(session: LeanSession): unknown[] {
  return SOURCES.map((source) => {
    const imports = ['Init'];
    const request = { op: 'elaborate', imports, target: ['target'] } as const;
    const result = session.elaborate({ ...request, source, part: 'proof' });
    if (result.exported?.kind !== 'exported') return result;
    const statement = session.elaborate({
      ...request,
      source: source.replace(/:= .*$/, ':= sorry'),
      part: 'goal',
    });
    if (statement.exported?.kind !== 'exported') return statement;
    const judged = judge(session, {
      op: 'judge',
      imports,
      statement: statement.exported.data,
      submission: result.exported.data,
    });
    return { ...result, judged };
  });
}

const [directory = ''] = process.argv.slice(2);
const { session, restored } = await startSession({ directory });
process.send?.({ restored, results: tryAll(session), std: session.environment(['Init', 'Std']).ref > 0 });
