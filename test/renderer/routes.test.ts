import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hrefOf, parseRoute, SCREENS } from '../../renderer/app/routes.ts';
import { shortcutOf } from '../../renderer/app/shortcuts.ts';

describe('routes', () => {
  it('go there and back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SCREENS),
        fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
        fc.string(),
        (screen, id, value) => {
          const route = parseRoute(hrefOf(screen, id, { value }));
          expect(route).toMatchObject(id === undefined ? { screen } : { screen, id });
          expect(route.query.get('value')).toBe(value);
        },
      ),
    );
  });

  it('take whatever is no address of ours for home', () => {
    fc.assert(
      fc.property(fc.string(), (hash) => {
        expect(SCREENS).toContain(parseRoute(hash).screen);
      }),
    );
    expect(parseRoute('#/nowhere/x')).toMatchObject({ screen: 'home' });
    expect(parseRoute('#/memory/%zz')).toMatchObject({ screen: 'memory' });
  });
});

describe('shortcuts', () => {
  const plain = { modified: false, typing: false };
  it('need g before a letter', () => {
    expect(shortcutOf({ key: 'm', ...plain }, false)).toEqual({ kind: 'none' });
    expect(shortcutOf({ key: 'g', ...plain }, false)).toEqual({ kind: 'pending' });
    expect(shortcutOf({ key: 'm', ...plain }, true)).toEqual({ kind: 'go', screen: 'memory' });
  });

  it('leave typing and the browser alone', () => {
    expect(shortcutOf({ key: '?', modified: false, typing: true }, false)).toEqual({ kind: 'none' });
    expect(shortcutOf({ key: 'm', modified: true, typing: false }, true)).toEqual({ kind: 'none' });
  });
});
