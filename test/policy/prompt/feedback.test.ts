import { afterAll, describe, expect, it } from 'vitest';
import { describeVerdict, type FeedbackForm } from '../../../core/policy/prompt/feedback.ts';
import { REJECTION_REASONS, type Verdict } from '../../../core/record/index.ts';
import { statement, testChecker } from '../../support/lean.ts';
import { diagnostic } from './states.ts';

const FORM: FeedbackForm = {
  style: 'compiler',
  maxErrors: 8,
  maxMessage: 2_000,
  linesBefore: 4,
  fence: 'lean4',
};
const MARKED: FeedbackForm = { ...FORM, style: 'marked' };

const failed = (...diagnostics: ReturnType<typeof diagnostic>[]): Verdict => ({
  kind: 'failed',
  diagnostics,
  goals: [],
  milliseconds: 1,
});
const tell = (verdict: Verdict, form = FORM, submission = 'by simp'): string =>
  describeVerdict({ verdict, submission }, form).text;

describe('feedback', () => {
  it('is what Lean prints: errors first, holes and suggestions after them, no remarks of linters', () => {
    const verdict = failed(
      diagnostic('information', 1, 0, 'Try this: exact rfl'),
      diagnostic('information', 1, 0, 'some trace'),
      diagnostic('warning', 2, 0, 'unused variable'),
      diagnostic('warning', 3, 8, "declaration uses 'sorry'"),
      diagnostic('error', 4, 2, 'unsolved goals'),
    );
    expect(tell(verdict)).toBe(
      "4:2: error: unsolved goals\n3:8: warning: declaration uses 'sorry'\n1:0: info: Try this: exact rfl",
    );
  });

  it('shows the first errors and says how many there are besides', () => {
    const verdict = failed(...Array.from({ length: 11 }, (_, i) => diagnostic('error', i, 0, `e${i}`)));
    const said = describeVerdict({ verdict, submission: '' }, FORM);
    expect(said).toMatchObject({ shown: 8, of: 11, cut: 0 });
    expect(said.text).toMatch(/e7\n\.\.\. \[Omitted 3 more errors\] \.\.\.$/);
  });

  it('cuts the middle out of a long message, and no character in halves', () => {
    const verdict = failed(diagnostic('error', 1, 0, `head${'😀'.repeat(3_000)}tail`));
    const said = describeVerdict({ verdict, submission: '' }, { ...FORM, maxMessage: 301 });
    expect(said).toMatchObject({ cut: 1, longest: 6_008 });
    expect(said.text).toMatch(/^1:0: error: head(😀)+ … \[\d+ characters left out\] … (😀)+tail$/u);
    expect(said.text.length).toBeLessThan(400);
    expect(said.text.isWellFormed()).toBe(true);
  });

  it('marks an error in its line, counting columns in code points', () => {
    const code = ['a', 'b', 'c', 'd', '𝔸𝔹 wrong end', 'f', 'g'].join('\n');
    const verdict = failed(diagnostic('error', 5, 3, 'bad', { line: 5, column: 8 }));
    expect(tell(verdict, { ...MARKED, linesBefore: 2 }, code)).toBe(
      'Error 1:\n\nCorresponding Code:\n```lean4\nc\nd\n𝔸𝔹 <error>wrong</error> end\nf\n```\n\nError Message: bad',
    );
  });

  it('marks an error over lines, its middle left out', () => {
    const code = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`).join('\n');
    const shown = tell(failed(diagnostic('error', 2, 5, 'bad', { line: 15, column: 4 })), MARKED, code);
    expect(shown).toContain(
      'line 1\nline <error>2\nline 3\nline 4\nline 5\nline 6\nline 7\n  ... --[Truncated]',
    );
    expect(shown).toContain('-- ...\nline</error> 15\nline 16\n```');
  });

  it('marks something whatever the place', () => {
    for (const [line, column, end] of [
      [0, 0, undefined],
      [99, 99, { line: 1, column: 0 }],
      [1, 4, { line: 1, column: 2 }],
    ] as const) {
      expect(tell(failed(diagnostic('error', line, column, 'bad', end)), MARKED, 'one\ntwo')).toContain(
        '<error>',
      );
    }
  });

  it('names the goals where Lean has no message', () => {
    const verdict = { ...failed(), goals: ['⊢ p', '⊢ q'] } as Verdict;
    expect(tell(verdict)).toBe('Goals left unsolved:\n⊢ p\n\n⊢ q');
    expect(tell(failed())).not.toBe('');
  });

  it.each(REJECTION_REASONS.map((reason) => [reason]))('says what %s means', (reason) => {
    const verdict: Verdict = {
      kind: 'rejected',
      reason,
      detail: 'the detail',
      diagnostics: [],
      milliseconds: 1,
    };
    expect(tell(verdict)).toMatch(/^[A-Z].*\. the detail$/);
    expect(tell(verdict)).not.toContain(reason);
  });

  it.each([
    [{ kind: 'exhausted', resource: 'time', detail: '', milliseconds: 1 }, /ran out of time\. A cheaper/],
    [{ kind: 'exhausted', resource: 'memory', detail: '', milliseconds: 1 }, /ran out of memory/],
    [
      { kind: 'exhausted', resource: 'heartbeats', detail: 'at simp', milliseconds: 1 },
      /maxHeartbeats\)\. at simp/,
    ],
    [{ kind: 'crashed', detail: '/secret/path', milliseconds: 1 }, /^The proof could not be checked[^/]*$/],
  ] as const)('tells of %o', (verdict, expected) => {
    expect(tell(verdict)).toMatch(expected);
  });
});

describe('over real Lean', () => {
  const checker = testChecker();
  afterAll(() => checker.dispose());

  it('marks what Lean complains of', { timeout: 60_000 }, async () => {
    const of = statement('theorem t (α : Type) (𝔫 : α) : 𝔫 = 𝔫 ∧ True', '-- 𝔸 header');
    const submission = '-- 𝔸 header\n\ntheorem t (α : Type) (𝔫 : α) : 𝔫 = 𝔫 ∧ True := ⟨nonsense 𝔫, trivial⟩';
    const { verdict } = await checker.check(of, submission, { timeoutMs: 60_000 });
    const shown = tell(verdict, MARKED, submission);
    expect(shown).toContain('⟨<error>nonsense</error> 𝔫, trivial⟩');
    expect(shown).toMatch(/Error Message: [Uu]nknown identifier/);
  });
});
