import { SCREEN_INFO, SCREENS, type Screen } from './routes.ts';

export type Shortcut =
  | { readonly kind: 'go'; readonly screen: Screen }
  | { readonly kind: 'help' }
  | { readonly kind: 'search' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'none' };

export interface KeyPress {
  readonly key: string;
  /** Ctrl, Alt or Meta is held: then it is the browser's. */
  readonly modified: boolean;
  /** The focus is where keys are typed. */
  readonly typing: boolean;
}

/**
 * What a key means. Screens are reached by `g` and a letter, so that no single letter does anything that is hard to undo.
 * @param pending whether `g` was pressed just before
 */
export function shortcutOf({ key, modified, typing }: KeyPress, pending: boolean): Shortcut {
  if (modified || typing) return { kind: 'none' };
  if (pending) {
    const screen = SCREENS.find((name) => SCREEN_INFO[name].key === key);
    return screen === undefined ? { kind: 'none' } : { kind: 'go', screen };
  }
  if (key === 'g') return { kind: 'pending' };
  if (key === '?') return { kind: 'help' };
  return key === '/' ? { kind: 'search' } : { kind: 'none' };
}

export const SHORTCUTS: readonly (readonly [string, string])[] = [
  ...SCREENS.map((screen) => [`g ${SCREEN_INFO[screen].key}`, SCREEN_INFO[screen].title] as const),
  ['/', 'Search on this screen'],
  ['?', 'This list'],
  ['Ctrl Enter', 'Start proving what is in the editor'],
  ['Esc Tab', 'Leave the editor'],
  ['↑ ↓', 'Move in lists and in the timeline'],
];
