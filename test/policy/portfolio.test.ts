import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portfolio } from '../../core/policy/portfolio/index.ts';
import {
  attempt,
  failed,
  failingRounds,
  lineOf,
  message,
  premise,
  proposals,
  state,
  statement,
} from './states.ts';

const FIB = `def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)`;
const REV = `def revOnto {α : Type} : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => revOnto xs (x :: acc)`;

const SHAPES = [
  statement('theorem a (x y : Nat) (h : x < y) : x + 1 ≤ y'),
  statement('theorem b : ∀ a b : Bool, (a && b) = (b && a)'),
  statement('theorem c (p q : Prop) : ((p → q) → p) → p'),
  statement('theorem d (n : Nat) : fib (n + 2) = fib n + fib (n + 1)', FIB),
  statement('theorem e (α : Type) (xs acc : List α) : revOnto xs acc = xs.reverse ++ acc', REV),
  statement('theorem f (x y : BitVec 8) : x + y = y + x'),
  statement('theorem g (n : Nat) (h : n % 2 = 1) : 8 ∣ n ^ 2 - 1'),
  statement('theorem h (a b : Nat) (ha : ∃ i, a = 2 * i) (hb : ∃ j, b = 2 * j) : ∃ k, a + b = 2 * k'),
  statement('theorem i (d a b : Int) (h1 : d ∣ a + b) (h2 : d ∣ a - b) : d ∣ 2 * a ∧ d ∣ 2 * b'),
  statement('theorem j (c : Colour) : c = .red ∨ c = .green', 'inductive Colour\n  | red\n  | green'),
  statement('theorem k (f : Nat → Nat) (h : ∀ n, f n < f (n + 1)) (n : Nat) : n ≤ f n'),
  statement('theorem l (f : Bool → Bool) (b : Bool) : f (f (f b)) = f b'),
];

describe('proposals', () => {
  it.each(SHAPES)('are whole submissions of the statement: $formal', (of) => {
    for (const round of failingRounds(of, 5)) {
      for (const { submission } of round) {
        expect(submission.startsWith(of.header)).toBe(true);
        expect(submission).toContain(`${of.formal} := by\n`);
      }
    }
  });

  it.each(SHAPES)('never cheat: $formal', (of) => {
    const all = [...failingRounds(of, 6).flat(), ...proposals(state(of, { round: 1 }))];
    for (const { submission } of all) {
      expect(submission).not.toMatch(/\b(?:sorry|admit|native_decide|axiom|unsafe|implemented_by|stop)\b/);
      expect(submission.slice(of.header.length)).not.toContain('#');
    }
  });

  it.each(SHAPES)('are the same for the same state, and bounded in number: $formal', (of) => {
    const once = failingRounds(of, 5);
    expect(failingRounds(of, 5)).toEqual(once);
    for (const round of once) {
      expect(round.length).toBeLessThanOrEqual(60);
      for (const proposal of round) {
        expect(proposal.submission.length).toBeLessThan(10_000);
        expect(proposal.response?.length ?? 0).toBeLessThan(100_000);
      }
    }
    expect(once[0]?.length).toBeGreaterThan(3);
    expect(once[1]?.length).toBeGreaterThan(0);
  });

  it('do not repeat themselves within a round', () => {
    for (const of of SHAPES) {
      for (const round of failingRounds(of, 4)) {
        const submissions = round.map((proposal) => proposal.submission);
        expect(new Set(submissions).size).toBe(submissions.length);
      }
    }
  });

  it('hold every tactic that may run away to a heartbeat limit', () => {
    for (const { submission, maxHeartbeats } of SHAPES.flatMap((of) => failingRounds(of, 2).flat())) {
      if (/grind|exact\?|simp_all|decide/.test(submission)) expect(maxHeartbeats).toBeGreaterThan(0);
    }
  });

  it('come to an end where nothing applies', () => {
    const of = statement('theorem t (p : Prop) : p');
    const sizes = failingRounds(of, 12).map((round) => round.length);
    expect(sizes.at(-1)).toBe(0);
  });

  it('survive any text for a statement', () => {
    const piece = fc.constantFrom(
      ...'theorem t ( ) { } : ∀ x , → = ∃ ∧ ∨ ¬ Nat xs List ⟨ ⟩ [ ] fib n + * ^ % ∣ 2 if match with | fun => ←'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (words) => {
        const of = statement(`theorem t ${words.join(' ')}`, FIB);
        expect(failingRounds(of, 3).length).toBe(3);
      }),
      { numRuns: 100 },
    );
  });

  it('stop when the signal says so', async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const of = SHAPES[0] ?? statement('theorem t : True');
    for await (const proposal of portfolio().propose(state(of), { signal: controller.signal })) {
      seen.push(proposal.submission);
      if (seen.length === 2) controller.abort();
    }
    expect(seen).toHaveLength(2);
  });

  it('are given more heartbeats in a later rollout', () => {
    const of = statement('theorem t (a b : Nat) : a * b = b * a');
    const [first] = proposals(state(of));
    const [later] = proposals(state(of, { rollout: 2 }));
    expect(later?.submission).toBe(first?.submission);
    expect(later?.maxHeartbeats).toBeGreaterThan(first?.maxHeartbeats ?? Infinity);
  });
});

describe('the first proposals', () => {
  it.each([
    ['theorem t (x y : Nat) (h : x < y) : x + 1 ≤ y', 'omega'],
    ['theorem t : 2 + 2 = 4', 'rfl'],
    ['theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q', 'grind'],
    ['theorem t (i : Fin 5) : i + i = 2 * i', 'decide +revert'],
  ])('suit the statement: %s', (formal, tactic) => {
    const first = proposals(state(statement(formal))).slice(0, 3);
    expect(first.map((proposal) => proposal.submission.split('\n').at(-2)?.trim())).toContain(tactic);
  });

  it('run through the cases of an enumeration', () => {
    const of = statement('theorem t (c : Colour) : c = c', 'inductive Colour\n  | red\n  | green');
    expect(proposals(state(of))[0]?.submission).toContain('cases c <;> rfl');
  });
});

describe('feedback', () => {
  const of = statement('theorem t (xs ys : List Nat) : (xs ++ ys).sum = (ys ++ xs).sum');
  const first = proposals(state(of)).map((proposal) => attempt(of, proposal, failed()));
  const probes = proposals(state(of, { round: 1, previous: first }));

  it('is asked for by probes that cannot be accepted', () => {
    expect(probes.length).toBeGreaterThan(3);
    for (const probe of probes) expect(probe.submission.trimEnd().endsWith('fail "probe"')).toBe(true);
  });

  it('is replaced by plain tries where there is none', () => {
    const blind = proposals(state(of, { round: 1 }));
    expect(blind.length).toBeGreaterThan(3);
    for (const proposal of blind) expect(proposal.submission).not.toContain('fail "probe"');
    expect(proposals(state(of, { round: 2 }))).not.toEqual(blind);
  });

  const induction = probes.find((probe) => probe.submission.includes('induction xs with'));
  const answer = (succ: 'closed' | 'open') => {
    if (induction === undefined) throw new Error('no induction was proposed');
    const { submission } = induction;
    const closedLine = (n: number): number => lineOf(submission, 'trace "1"', n);
    const goal =
      'case cons\nys : List Nat\na : Nat\nt : List Nat\nih : (t ++ ys).sum = (ys ++ t).sum\n⊢ (a :: t ++ ys).sum = (ys ++ a :: t).sum';
    const rest =
      succ === 'closed'
        ? [message('information', closedLine(1), '1')]
        : [
            message('information', lineOf(submission, 'trace "open"', 1), 'open'),
            message('error', lineOf(submission, '| cons'), `unsolved goals\n${goal}`, [goal]),
          ];
    const verdict = failed([
      message('information', closedLine(0), '1'),
      ...rest,
      message('error', submission.trimEnd().split('\n').length, 'probe'),
    ]);
    return proposals(state(of, { round: 2, previous: [attempt(of, induction, verdict)] }));
  };

  it('turns a probe whose goals were all closed into the plain proof', () => {
    const next = answer('closed');
    expect(next[0]?.submission).toMatch(/:= by\n {2}induction xs <;> \S+/);
    expect(next[1]?.submission).toMatch(/induction xs with\n {2}\| nil => .+\n {2}\| cons a t ih => .+\n$/);
    expect(next[0]?.submission).not.toContain('first');
    expect(next[0]?.submission).not.toContain('probe');
  });

  it('goes on from the goals that are left, keeping what was closed', () => {
    const next = answer('open');
    expect(next.length).toBeGreaterThan(3);
    expect(next.some(({ submission }) => /\| nil => (?!trace)\S+/.test(submission))).toBe(true);
    expect(next.some(({ submission }) => /\| cons a t ih =>\n {4}\S/.test(submission))).toBe(true);
  });

  it('ends the search where Lean has decided the statement false', () => {
    const wrong = statement('theorem t : 2 + 2 = 5');
    const attempts = proposals(state(wrong)).map((proposal) =>
      attempt(
        wrong,
        proposal,
        failed([message('error', 2, 'Tactic `decide` proved that the proposition\n  2 + 2 = 5\nis false')]),
      ),
    );
    expect(proposals(state(wrong, { round: 1, previous: attempts }))).toEqual([]);
  });

  it("takes up what Lean suggests, but not what rests on 'sorry'", () => {
    const asked = attempt(
      of,
      { submission: 'theorem t := by\n  exact?', response: '{"kind":"proof","strategy":"ask"}' },
      failed([
        message('information', 2, 'Try this:\n  [apply] exact List.sum_append_comm xs ys'),
        message('information', 2, 'Try this:\n  [apply] refine foo ?_'),
      ]),
    );
    const next = proposals(state(of, { round: 4, previous: [asked] }));
    expect(next[0]?.submission).toContain(':= by\n  exact List.sum_append_comm xs ys\n');
    expect(next.some(({ submission }) => submission.includes('refine foo'))).toBe(false);
  });

  it('ignores attempts of other policies', () => {
    const foreign = attempt(of, { submission: 'x', response: 'Here is a proof: …' }, failed());
    expect(() => proposals(state(of, { round: 3, previous: [foreign] }))).not.toThrow();
  });
});

describe('retrieved proofs', () => {
  const lemma = statement('theorem fib_pos (n : Nat) : 0 < fib (n + 1)', FIB);
  const goal = statement('theorem t (m : Nat) : fib (m + 1) ≠ 0', FIB);
  const retrieved = premise(
    lemma,
    'by\n  induction n with\n  | zero => simp [fib]\n  | succ n ih => exact helper n ih',
    'theorem helper (n : Nat) (h : 0 < fib (n + 1)) : 0 < fib (n + 2) := by\n  simp [fib, h]',
  );

  it('become lemmas before the theorem, helpers included, where their definitions are ours', () => {
    const made = proposals(state(goal, { premises: [retrieved] }));
    const using = made.find(({ submission }) => submission.includes('grind [fib_pos'));
    expect(using).toBeUndefined();
    const both = made.find(({ submission }) => submission.includes('grind [helper, fib_pos]'));
    expect(both?.submission).toContain('theorem helper (n : Nat)');
    expect(both?.submission.indexOf('theorem fib_pos')).toBeLessThan(
      both?.submission.indexOf('theorem t') ?? 0,
    );
  });

  it('are repeated with the names of this statement', () => {
    const made = proposals(state(goal, { premises: [retrieved] }));
    expect(
      made.some(({ submission }) =>
        submission.includes('t (m : Nat) : fib (m + 1) ≠ 0 := by\n  induction m with'),
      ),
    ).toBe(true);
  });

  it('change nothing of a proof that does not use them', () => {
    const made = proposals(state(goal, { premises: [retrieved] }));
    expect(made[0]?.submission).not.toContain('fib_pos');
    expect(made[0]).toEqual(proposals(state(goal))[0]);
  });

  it('are not declared where their definitions differ, or their environment does', () => {
    const foreign = premise(statement(lemma.formal, FIB.replace('1 => 1', '1 => 2')), 'by simp');
    const elsewhere = {
      ...retrieved,
      statement: { ...lemma, environment: { lean: '4.9.0', library: 'core' as const } },
    };
    for (const other of [foreign, elsewhere]) {
      for (const { submission } of proposals(state(goal, { premises: [other] }))) {
        expect(submission).not.toContain('theorem fib_pos');
      }
    }
  });

  it('that bring definitions or options of their own are left out', () => {
    const odd = premise(lemma, 'by simp', 'set_option autoImplicit true');
    expect(proposals(state(goal, { premises: [odd] }))).toEqual(proposals(state(goal)));
  });
});
