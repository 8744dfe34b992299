import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { shortcutOf } from './shortcuts.ts';
import { go } from './use-route.ts';

const OFF = 'proofswarm.shortcuts';
const PAIR_MS = 1500;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.shadowRoot !== null ||
    target.matches('input:not([type=checkbox], [type=radio]), textarea, select'));

/** Keys that work on every screen; they can be switched off, for those who dictate. */
export function useShortcuts(onHelp: () => void): readonly [boolean, (enabled: boolean) => void] {
  const [enabled, setEnabled] = useState(() => localStorage.getItem(OFF) !== 'off');
  const since = useRef(-Infinity);
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (!enabled || document.querySelector('dialog[open]') !== null) return;
    const modified = event.ctrlKey || event.altKey || event.metaKey;
    const pending = event.timeStamp - since.current < PAIR_MS;
    const shortcut = shortcutOf({ key: event.key, modified, typing: isTyping(event.target) }, pending);
    since.current = shortcut.kind === 'pending' ? event.timeStamp : -Infinity;
    switch (shortcut.kind) {
      case 'go':
        go(shortcut.screen);
        break;
      case 'help':
        onHelp();
        break;
      case 'search': {
        const search = document.querySelector<HTMLElement>('main input[type=search]');
        if (search === null) return;
        search.focus();
        break;
      }
      case 'pending':
      case 'none':
        return;
    }
    event.preventDefault();
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => press(event);
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  const change = (next: boolean): void => {
    localStorage.setItem(OFF, next ? 'on' : 'off');
    setEnabled(next);
  };
  return [enabled, change];
}
