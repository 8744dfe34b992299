import { useMemo, useSyncExternalStore } from 'react';
import { hrefOf, parseRoute, type Route, type Screen } from './routes.ts';

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

export function go(screen: Screen, id?: string, query?: Readonly<Record<string, string>>): void {
  window.location.hash = hrefOf(screen, id, query);
}
