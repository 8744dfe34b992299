import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentId,
  contentIdSchema,
  decodeCanonical,
  encodeCanonical,
  makeStatement,
  statementId,
  statementSchema,
  type Environment,
  type StatementIdentity,
} from '../../core/record/index.ts';
import { metadata, roughSource, statementRecord } from './generators.ts';

const CORE: Environment = { lean: '4.28.0-pre', library: 'core' };
const BASE = { environment: CORE, header: 'open Nat', formal: 'theorem a : True', name: 'a' };

describe('a statement', () => {
  it('comes back unchanged from its canonical encoding', () => {
    fc.assert(
      fc.property(statementRecord, (record) => {
        const { id, ...fields } = makeStatement(record);
        expect(fields).toEqual(record);
        const decoded = statementSchema.parse(decodeCanonical(encodeCanonical(fields), 'statement'));
        expect(decoded).toEqual(fields);
        expect(makeStatement(decoded).id).toBe(id);
      }),
    );
  });

  it('drops a byte order mark before any of its texts, which decoding would lose', () => {
    const marked = makeStatement({
      ...BASE,
      name: '\uFEFFa',
      informal: '\uFEFF\uFEFFtrue',
      tags: ['\uFEFF·', 'a\uFEFF'],
    });
    const { id, ...fields } = marked;
    expect(fields).toEqual({ ...BASE, informal: 'true', tags: ['·', 'a\uFEFF'] });
    expect(statementSchema.parse(decodeCanonical(encodeCanonical(fields), 'statement'))).toEqual(fields);
    expect(id).toBe(makeStatement(BASE).id);
    expect(() => makeStatement({ ...BASE, name: '\uFEFF' })).toThrow();
  });

  it('is encoded without such a mark wherever it would stand', () => {
    const bytes = encodeCanonical({ a: ['\uFEFFx', { b: '\uFEFF' }], c: 'x\uFEFF' });
    expect(decodeCanonical(bytes, 'value')).toEqual({ a: ['x', { b: '' }], c: 'x\uFEFF' });
  });

  it('is frozen, so that its id stays true', () => {
    expect(Object.isFrozen(makeStatement(BASE))).toBe(true);
  });

  it('is named by exactly the identity fields it shows', () => {
    fc.assert(
      fc.property(statementRecord, roughSource, (record, header) => {
        const made = makeStatement({ ...record, header });
        const { environment, formal, name } = made;
        expect(made.id).toBe(contentId({ environment, header: made.header, formal, name }));
        expect(contentIdSchema.safeParse(made.id).success).toBe(true);
      }),
    );
  });

  it('refuses a field it does not know, so that a typing error is no silent loss', () => {
    expect(() => makeStatement({ ...BASE, ...{ informl: 'x' } })).toThrow(/informl/);
  });
});

describe('the statement id', () => {
  it('ignores metadata', () => {
    fc.assert(
      fc.property(statementRecord, metadata, metadata, (record, one, other) => {
        const { environment, header, formal, name } = record;
        const identity = { environment, header, formal, name };
        expect(makeStatement({ ...identity, ...one }).id).toBe(makeStatement({ ...identity, ...other }).id);
      }),
    );
  });

  it.each([
    ['CRLF line ends', (text: string) => text.replaceAll('\n', '\r\n')],
    ['CR line ends', (text: string) => text.replaceAll('\n', '\r')],
    ['trailing blanks', (text: string) => text.replaceAll('\n', '  \t\n') + '  '],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['blank lines around', (text: string) => `\n\n${text}\n \n`],
  ])('ignores %s', (_, change) => {
    fc.assert(
      fc.property(statementRecord, (record) => {
        const changed = { ...record, header: change(record.header), formal: change(record.formal) };
        expect(statementId(pick(changed))).toBe(statementId(pick(record)));
      }),
    );
  });

  it('changes with any change of header, statement, name or environment', () => {
    fc.assert(
      fc.property(statementRecord, statementRecord, (one, other) => {
        const id = statementId(pick(one));
        for (const field of ['header', 'formal', 'name', 'environment'] as const) {
          const changed = { ...pick(one), [field]: other[field] };
          const same = contentId(one[field]) === contentId(other[field]);
          expect(statementId(changed) === id).toBe(same);
        }
      }),
    );
  });

  it('does not confuse neighbouring fields', () => {
    const split = { ...BASE, header: 'open Nat\n\ntheorem a : True', formal: 'x' };
    const ids = [BASE, split, { ...BASE, name: 'b' }, { ...BASE, formal: 'theorem a : True b' }].map(
      statementId,
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tells core Lean from Mathlib, and one revision from another', () => {
    const mathlib = (revision: string): Environment => ({ lean: CORE.lean, library: 'mathlib', revision });
    const environments = [CORE, { ...CORE, lean: '4.28.0' }, mathlib('v4.28.0'), mathlib('unknown')];
    expect(new Set(environments.map((e) => statementId({ ...BASE, environment: e }))).size).toBe(4);
  });

  it('is the same on every node: a fixed example', () => {
    expect(statementId(BASE)).toBe('bafyreiav4zwvywf5ro7cxmidtgvpvzcgrfup6wjc6uj33vkhdmpfhj6mgm');
  });
});

describe('text that a statement refuses', () => {
  it.each([
    ['a NUL in the header', { header: 'a\0' }, /NUL character at offset 1/],
    ['a lone surrogate in the statement', { formal: 'theorem \uD800' }, /lone surrogate/],
    ['a lone surrogate in the name', { name: 'a\uDC00' }, /lone surrogate/],
    ['a NUL in the name', { name: 'a\0' }, /NUL/],
    ['a lone surrogate in the Lean version', { environment: { ...CORE, lean: '\uD800' } }, /lone surrogate/],
    ['a lone surrogate in the informal text', { informal: '\uD800' }, /lone surrogate/],
    ['a lone surrogate in a tag', { tags: ['\uD800'] }, /lone surrogate/],
    ['an over-long header', { header: 'a'.repeat(1_000_001) }, /longer than 1000000 characters/],
    ['an over-long name', { name: 'a'.repeat(1001) }, /longer than 1000 characters/],
    ['an over-long informal text', { informal: 'a'.repeat(100_001) }, /longer than 100000 characters/],
    ['an empty statement', { formal: ' \n' }, /formal/],
    ['an empty name', { name: '' }, /name/],
    ['a library that is not known', { environment: { lean: '4', library: 'x' as 'core' } }, /library/],
  ])('is %s', (_, change, message) => {
    expect(() => makeStatement({ ...BASE, ...change })).toThrow(message);
  });
});

function pick(record: StatementIdentity): StatementIdentity {
  const { environment, header, formal, name } = record;
  return { environment, header, formal, name };
}
