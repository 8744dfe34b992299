import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBytes, formatDuration, formatTable, oneLine, printable } from '../../core/cli/terminal.ts';

describe('formatDuration', () => {
  test.each([
    [0, '0 ms'],
    [0.008, '8 ms'],
    [0.9996, '1.0 s'],
    [1, '1.0 s'],
    [3.24, '3.2 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 0 s'],
    [245, '4 min 5 s'],
    [3599.6, '1 h 0 min'],
    [7170, '2 h 0 min'],
    [7380, '2 h 3 min'],
    [90_000, '25 h 0 min'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test('never writes sixty of anything, nor a thousand milliseconds', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (seconds) => {
        expect(formatDuration(seconds)).not.toMatch(/\b60(\.0)? |\b1000 ms/);
      }),
    );
  });
});

describe('formatBytes', () => {
  test.each([
    [0, '0 B'],
    [812, '812 B'],
    [1000, '1.0 kB'],
    [3_440_000, '3.4 MB'],
    [9_960, '10 kB'],
    [999_499, '999 kB'],
    [999_950, '1.0 MB'],
    [12_345_678_901, '12 GB'],
    [5e15, '5000 TB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatTable', () => {
  test('pads columns, puts numbers to the right and leaves no blanks at line ends', () => {
    expect(
      formatTable(
        ['name', 'n'],
        [
          ['a', 1],
          ['long', 100],
        ],
      ),
    ).toBe('name    n\n────  ───\na       1\nlong  100');
  });

  test('keeps a column of mixed cells to the left, and counts characters, not code units', () => {
    expect(
      formatTable(
        ['𝔸', 'x'],
        [
          ['𝔸𝔹', 1],
          ['c', 'no'],
        ],
      ),
    ).toBe('𝔸   x\n──  ──\n𝔸𝔹  1\nc   no');
  });

  test('has only its headings where there are no rows', () => {
    expect(formatTable(['id', 'name'], [])).toBe('id  name\n──  ────');
  });

  test('takes many rows', () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => [`row ${i}`]);
    expect(formatTable(['name'], rows).split('\n')).toHaveLength(200_002);
  });

  test('keeps a cell to its line', () => {
    expect(formatTable(['a'], [['one\ntwo\x1b[2J']])).toBe('a\n───────────\none two�[2J');
  });
});

describe("others' texts", () => {
  test('cannot steer the terminal', () => {
    expect(printable('a\x1b[31m\x07\x9b2J\x7f\r\0 b\n\tc')).toBe('a�[31m��2J��� b\n\tc');
    expect(oneLine(' a\n \x1b]0;b\x07 ')).toBe('a �]0;b�');
  });

  test('are cut to a length in characters', () => {
    expect(oneLine('𝔸𝔹ℂ𝔻', 3)).toBe('𝔸𝔹…');
    expect(oneLine('𝔸𝔹ℂ', 3)).toBe('𝔸𝔹ℂ');
  });
});
