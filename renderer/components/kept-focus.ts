import { useEffect, useRef } from 'react';

/** Whether the keyboard is nowhere: what had the focus was taken away, or out of sight. */
export function focusIsLost(): boolean {
  const at = document.activeElement;
  return at === null || at === document.body || !at.checkVisibility();
}

/**
 * Where what had the focus is gone with the stage that it belonged to, the keyboard and screen readers go on from the
 * beginning of the page's content, which has the id `main`.
 */
export function useKeptFocus(stage: unknown): void {
  const before = useRef(stage);
  useEffect(() => {
    if (before.current === stage) return;
    before.current = stage;
    if (focusIsLost()) document.getElementById('main')?.focus();
  }, [stage]);
}
