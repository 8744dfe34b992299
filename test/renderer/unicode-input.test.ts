import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ABBREVIATIONS,
  expandEagerly,
  expandFinished,
  suggestions,
} from '../../renderer/components/lean/abbreviations.ts';

describe('unicode input', () => {
  it('replaces at once only what can be nothing longer', () => {
    expect(expandEagerly('x \\alph')).toEqual({ kind: 'pending' });
    expect(expandEagerly('x \\alpha')).toEqual({ kind: 'replace', from: 2, symbol: 'α' });
    // `\le` may become `\leq` or `\leftarrow`.
    expect(expandEagerly('a \\le')).toEqual({ kind: 'pending' });
    expect(expandEagerly('no abbreviation')).toEqual({ kind: 'none' });
  });

  it('takes the longest name when it is finished, and keeps the rest', () => {
    expect(expandFinished('a \\le')).toEqual({ kind: 'replace', from: 2, symbol: '≤' });
    expect(expandFinished('\\alphax')).toEqual({ kind: 'replace', from: 0, symbol: 'αx' });
    expect(expandFinished('\\zzz')).toEqual({ kind: 'none' });
    expect(expandFinished('\\')).toEqual({ kind: 'none' });
  });

  it('knows no name without a symbol, and none that holds a blank', () => {
    for (const [name, symbol] of ABBREVIATIONS) {
      expect(name).toMatch(/^\S+$/);
      expect(symbol).not.toBe('');
      expect(expandFinished(`\\${name}`)).toEqual({ kind: 'replace', from: 0, symbol });
    }
  });

  it('never touches what stands before the backslash', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...ABBREVIATIONS.keys()), (before, name) => {
        const expansion = expandFinished(`${before} \\${name}`);
        expect(expansion).toMatchObject({ kind: 'replace', from: before.length + 1 });
      }),
    );
  });

  it('suggests the shortest first', () => {
    const names = suggestions('su').map(({ name }) => name);
    expect(names).toContain('sum');
    expect(names.map((name) => name.length)).toEqual(names.map((name) => name.length).sort((a, b) => a - b));
  });
});
