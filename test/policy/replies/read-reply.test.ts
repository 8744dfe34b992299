import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findHoles, readReply, splitReply, type ReplyReading } from '../../../core/policy/replies/index.ts';
import { MAX_SOURCE_LENGTH } from '../../../core/record/index.ts';
import { statement } from '../../support/lean.ts';
import { replyFixtures } from './fixtures.ts';

const fixtures = replyFixtures();

const describeReading = (reading: ReplyReading): string =>
  reading.kind === 'defect'
    ? `defect ${reading.defect}`
    : `submission ${reading.source} ${reading.splice}${reading.holes.map((hole) => ` ${hole.word}@${hole.line}`).join('')}`;

describe('replies as models write them', () => {
  it('come in more than a hundred shapes', () => {
    expect(fixtures.length).toBeGreaterThan(100);
  });

  it.each(fixtures.map((fixture) => [fixture.file, fixture] as const))('%s', (_, fixture) => {
    const reading = readReply(fixture.statement, fixture.reply, fixture);
    expect(describeReading(reading)).toBe(fixture.reading);
    if (reading.kind === 'submission') expect(reading.submission).toBe(fixture.submission);
  });
});

const words = (source: string): string[] => source.split(/\s+/);

describe('every submission', () => {
  const spliced = fixtures.filter(
    ({ reading }) => reading.startsWith('submission') && !reading.includes(' whole'),
  );

  it('stands under our header and states what we stated', () => {
    expect(spliced.length).toBeGreaterThan(70);
    for (const { statement: of, submission, file } of spliced) {
      expect(submission.startsWith(of.header), file).toBe(true);
      expect(submission.split(of.formal).length, file).toBe(2);
    }
  });

  it('reads as itself once more', () => {
    for (const { statement: of, submission, file, lean } of spliced) {
      if (lean !== 'proved') continue;
      const again = readReply(of, `\`\`\`lean4\n${submission}\n\`\`\``);
      expect(again.kind === 'submission' && words(again.submission), file).toEqual(words(submission));
    }
  });
});

describe('whatever a model writes', () => {
  const of = statement('theorem t (n : Nat) : n = n', 'def one := 1');
  const piece = fc.constantFrom(
    ...['```', '```lean4\n', '~~~', '/-', '-/', '--', '"', "'", '\\', '«', '<think>', '</think>', '\n', ' '],
    ...['theorem t', ':=', ' by', 'sorry', 'namespace A\n', 'end', '|', '=>', '(', ')', 'open Nat in\n', '`'],
    ...[
      '\0',
      '\ud800',
      '\t',
      'import X\n',
      'x',
      '#eval',
      '@[',
      'lemma u : 1 = 1 := rfl\n',
      '> ',
      '- ',
      '1. ',
    ],
  );

  it('is read without a fault, into a source that a record can hold', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, startsInThinking) => {
        const reading = readReply(of, pieces.join(''), { startsInThinking });
        if (reading.kind === 'defect') return;
        expect(reading.submission.isWellFormed()).toBe(true);
        expect(reading.submission).not.toContain('\0');
        expect(reading.submission.startsWith('def one := 1\n')).toBe(true);
        expect(reading.holes).toEqual(findHoles(reading.submission));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['blanks', ' '],
    ['backticks', '`'],
    ['fences', '```\n'],
    ['blocks with open comments', '```lean4\n/-\n```\n'],
    ['half-open tags', '<thin'],
    ['comments', '/-'],
    ['quotes', '"'],
    ['brackets', '('],
    ['theorems', 'theorem t : 1 = 1 := by\n  have h := by\n'],
    ['blocks', '```lean4\ntheorem t : 1 = 1 := by\n  simp\n```\n'],
    ['list marks', '> - '],
    ['bars', 'theorem t : a |'],
    ['blanks before something', `\`\`\`lean4\n${' '.repeat(190_000)}x`],
    ['holes', '```lean4\ntheorem t : 1 = 1 := by sorry\n'],
  ])('is read in linear time, 200,000 characters of %s too', (_, unit) => {
    const started = performance.now();
    const reading = readReply(of, unit.repeat(Math.ceil(200_000 / unit.length)));
    expect(reading.kind).toBeTypeOf('string');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('is not read where it is longer than anyone would', () => {
    expect(readReply(of, 'x'.repeat(2_000_001))).toMatchObject({ kind: 'defect', defect: 'too-long' });
    const long = `\`\`\`lean4\ntheorem t (n : Nat) : n = n := by\n${'  skip\n'.repeat(MAX_SOURCE_LENGTH / 6)}\`\`\``;
    expect(readReply(of, long)).toMatchObject({ kind: 'defect', defect: 'too-long' });
  });
});

describe('findHoles', () => {
  it('finds holes with their lines, and no words that only look like one', () => {
    const source = `theorem t : p := by
  -- sorry
  have admitted := sorry_lemma "admit"
  /- sorry /- admit -/ sorry -/ · sorry
  exact (by admit)`;
    expect(findHoles(source)).toEqual([
      { word: 'sorry', line: 4 },
      { word: 'admit', line: 5 },
    ]);
  });
});

describe('splitReply', () => {
  it('keeps every character, tags aside', () => {
    expect(splitReply('<think>a < b\n</think>c [THINK] d')).toEqual({
      thinking: 'a < b\n',
      answer: 'c [THINK] d',
      thinkingEnded: true,
    });
    expect(splitReply('a</thi', { startsInThinking: true })).toEqual({
      thinking: 'a</thi',
      answer: '',
      thinkingEnded: false,
    });
  });

  it('takes thinking between two parts of an answer', () => {
    expect(splitReply('<think>a</think>b\n<think>c</think>d')).toMatchObject({
      thinking: 'ac',
      answer: 'b\nd',
    });
  });
});
