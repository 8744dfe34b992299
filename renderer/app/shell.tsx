import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Button, Check, Loading } from '../components/controls.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { useConnection } from '../store/hooks.ts';
import { Home } from '../views/home/home.tsx';
import { Brand, Navigation } from './navigation.tsx';
import { SCREEN_INFO, type Route } from './routes.ts';
import { ScreenBoundary } from './screen-boundary.tsx';
import { SHORTCUTS } from './shortcuts.ts';
import { Toasts } from './toasts.tsx';
import { useRoute } from './use-route.ts';
import { useShortcuts } from './use-shortcuts.ts';

const Prove = lazy(async () => ({ default: (await import('../views/prove/prove.tsx')).Prove }));
const Statements = lazy(async () => ({
  default: (await import('../views/statements/statements.tsx')).Statements,
}));
const Memory = lazy(async () => ({ default: (await import('../views/memory/memory.tsx')).Memory }));
const Network = lazy(async () => ({ default: (await import('../views/network/network.tsx')).Network }));
const Contributions = lazy(async () => ({
  default: (await import('../views/contributions/contributions.tsx')).Contributions,
}));
const Models = lazy(async () => ({ default: (await import('../views/models/models.tsx')).Models }));
const Settings = lazy(async () => ({ default: (await import('../views/settings/settings.tsx')).Settings }));

export function Shell() {
  const route = useRoute();
  const connection = useConnection();
  const [help, setHelp] = useState(false);
  const [menuFor, setMenuFor] = useState<Route>();
  const main = useRef<HTMLElement>(null);
  const previous = useRef(route.screen);
  const [shortcuts, setShortcuts] = useShortcuts(() => setHelp(true));
  const menu = menuFor === route;

  useEffect(() => {
    document.title = `${SCREEN_INFO[route.screen].title} · Proofswarm`;
    // Screen readers and the keyboard go on from the new screen's beginning.
    if (previous.current !== route.screen) {
      main.current?.focus();
      window.scrollTo(0, 0);
    }
    previous.current = route.screen;
  }, [route.screen]);

  return (
    <>
      <a
        className="skip-link"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <header className="topbar">
        <Brand />
        <Button
          kind="quiet"
          icon={menu ? 'close' : 'menu'}
          aria-expanded={menu}
          aria-label="Menu"
          onClick={() => setMenuFor(menu ? undefined : route)}
        />
      </header>
      <div className="shell">
        <Navigation current={route.screen} open={menu} onHelp={() => setHelp(true)} />
        <div>
          {connection.kind === 'lost' && (
            <div className="offline-bar" role="alert">
              <Icon name="warning" />
              <span>Not connected: {connection.detail}. What you see may be out of date.</span>
            </div>
          )}
          <main className="main" id="main" ref={main} tabIndex={-1}>
            <ScreenBoundary key={route.screen} title={SCREEN_INFO[route.screen].title}>
              <Suspense fallback={<Loading label="Opening" />}>
                <View route={route} />
              </Suspense>
            </ScreenBoundary>
          </main>
        </div>
      </div>
      <Toasts />
      {help && (
        <Dialog title="Keyboard" onClose={() => setHelp(false)}>
          <dl className="facts">
            {SHORTCUTS.map(([keys, meaning]) => (
              <div className="shortcut" key={keys}>
                <dt>
                  {keys.split(' ').map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
          <Check label="Shortcuts of single keys are on" checked={shortcuts} onChange={setShortcuts} />
        </Dialog>
      )}
    </>
  );
}

function View({ route }: { readonly route: Route }) {
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
      return <Network />;
    case 'contributions':
      return <Contributions />;
    case 'models':
      return <Models />;
    case 'settings':
      return <Settings route={route} />;
  }
}
