import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT } from '../support/paths.ts';

const document = readFileSync(path.join(PROJECT, 'docs/electron-security.md'), 'utf8');
const rows = document.split('\n').flatMap((line) => {
  const [, number, point, , where] = line.split('|').map((cell) => cell.trim());
  return /^\d+$/.test(number ?? '')
    ? [{ number: Number(number), point: point ?? '', where: where ?? '' }]
    : [];
});
const REFERENCE = /\[([\w./-]+):(\d+)\]\(\.\.\/([\w./-]+)#L(\d+)\) `([^`]+)`/g;

test('the table has all twenty points, in order', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

describe.each(rows)('$point', ({ where }) => {
  const references = [...where.matchAll(REFERENCE)];

  test('names lines', () => {
    expect(references.length).toBeGreaterThan(0);
    expect(references.length).toBe(where.split('<br>').length);
  });

  test.each(references.map(([, file, line, linked, anchor, text]) => ({ file, line, linked, anchor, text })))(
    '$file:$line says $text',
    ({ file = '', line, linked, anchor, text = '' }) => {
      expect([linked, anchor]).toEqual([file, line]);
      const lines = readFileSync(path.join(PROJECT, file), 'utf8').split('\n');
      const now = lines.findIndex((content) => content.includes(text)) + 1;
      expect(lines[Number(line) - 1], `it is line ${now} now`).toContain(text);
    },
  );
});
