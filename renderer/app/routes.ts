import type { IconName } from '../components/icon.tsx';

export const SCREENS = [
  'home',
  'prove',
  'statements',
  'memory',
  'network',
  'contributions',
  'models',
  'settings',
] as const;
export type Screen = (typeof SCREENS)[number];

/** A place in the app: a screen, and on it a session, a statement, a proof or a section. */
export interface Route {
  readonly screen: Screen;
  readonly id?: string;
  readonly query: ReadonlyMap<string, string>;
}

export const SCREEN_INFO: Readonly<Record<Screen, { title: string; icon: IconName; key: string }>> = {
  home: { title: 'Home', icon: 'home', key: 'h' },
  prove: { title: 'Prove', icon: 'prove', key: 'p' },
  statements: { title: 'Statements', icon: 'list', key: 's' },
  memory: { title: 'Memory', icon: 'memory', key: 'm' },
  network: { title: 'Network', icon: 'network', key: 'n' },
  contributions: { title: 'Contributions', icon: 'award', key: 'c' },
  models: { title: 'Models', icon: 'model', key: 'o' },
  settings: { title: 'Settings', icon: 'settings', key: 'e' },
};

const isScreen = (text: string): text is Screen => (SCREENS as readonly string[]).includes(text);

/** `#/statements/bafy…?watched=1`. What is no address of ours is home: anybody can send a link. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [screen = '', id] = path.split('/', 2).map(decoded);
  const query = new Map(new URLSearchParams(search));
  if (!isScreen(screen)) return { screen: 'home', query: new Map() };
  return id === undefined || id === '' ? { screen, query } : { screen, id, query };
}

export function hrefOf(screen: Screen, id?: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  const path = id === undefined ? screen : `${screen}/${encodeURIComponent(id)}`;
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
