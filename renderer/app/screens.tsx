import { lazy, type ComponentType } from 'react';
import { Home } from '../views/home/home.tsx';
import type { Route } from './routes.ts';

interface ScreenProps {
  readonly route: Route;
}

/** The first screen comes first. */
const AFTER_MS = 1000;
const TRIES = 10;
const AGAIN_MS = 2000;

const CODE = {
  prove: async () => (await import('../views/prove/prove.tsx')).Prove,
  statements: async () => (await import('../views/statements/statements.tsx')).Statements,
  memory: async () => (await import('../views/memory/memory.tsx')).Memory,
  network: async () => (await import('../views/network/network.tsx')).Network,
  contributions: async () => (await import('../views/contributions/contributions.tsx')).Contributions,
  models: async () => (await import('../views/models/models.tsx')).Models,
  settings: async () => (await import('../views/settings/settings.tsx')).Settings,
} satisfies Record<string, () => Promise<ComponentType<ScreenProps>>>;

const Prove = screen(CODE.prove);
const Statements = screen(CODE.statements);
const Memory = screen(CODE.memory);
const Network = screen(CODE.network);
const Contributions = screen(CODE.contributions);
const Models = screen(CODE.models);
const Settings = screen(CODE.settings);

/** The screen of a route. */
export function View({ route }: ScreenProps) {
  switch (route.screen) {
    case 'home':
      return <Home />;
    case 'prove':
      return <Prove route={route} />;
    case 'statements':
      return <Statements route={route} />;
    case 'memory':
      return <Memory route={route} />;
    case 'network':
      return <Network route={route} />;
    case 'contributions':
      return <Contributions route={route} />;
    case 'models':
      return <Models route={route} />;
    case 'settings':
      return <Settings route={route} />;
  }
}

/**
 * Fetches the code of all screens once the first has been shown: they open at once, also when the node has gone that would
 * have sent them. Returns its undo.
 */
export function fetchScreens(): () => void {
  const later = setTimeout(() => {
    // A screen that is opened fetches its code again, and says so where that fails.
    for (const load of Object.values(CODE)) void load().catch(() => undefined);
  }, AFTER_MS);
  return () => clearTimeout(later);
}

/** A node that is away for a moment does not make its screens fail. */
function screen(load: () => Promise<ComponentType<ScreenProps>>) {
  return lazy(async () => {
    for (let tries = 1; ; tries++) {
      try {
        return { default: await load() };
      } catch (error) {
        if (tries === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  });
}
