import { Suspense, useEffect, useRef, useState } from 'react';
import { Button, Check, Loading } from '../components/controls.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Icon } from '../components/icon.tsx';
import { focusIsLost } from '../components/kept-focus.ts';
import { errorText } from '../store/error-text.ts';
import { useConnection } from '../store/hooks.ts';
import { Brand, Navigation } from './navigation.tsx';
import { SCREEN_INFO, type Route } from './routes.ts';
import { ScreenBoundary } from './screen-boundary.tsx';
import { fetchScreens, View } from './screens.tsx';
import { SHORTCUTS } from './shortcuts.ts';
import { Toasts } from './toasts.tsx';
import { useRoute } from './use-route.ts';
import { useShortcuts } from './use-shortcuts.ts';

export function Shell() {
  const route = useRoute();
  const connection = useConnection();
  const [help, setHelp] = useState(false);
  const [menuFor, setMenuFor] = useState<Route>();
  const main = useRef<HTMLElement>(null);
  const previous = useRef(route);
  const [shortcuts, setShortcuts] = useShortcuts(() => setHelp(true));
  const menu = menuFor === route;

  useEffect(() => {
    document.title = `${SCREEN_INFO[route.screen].title} · Proofswarm`;
    const from = previous.current;
    previous.current = route;
    if (from === route) return;
    // Screen readers and the keyboard go on from the beginning of what is new.
    if (from.screen === route.screen && !focusIsLost()) return;
    main.current?.focus();
    window.scrollTo(0, 0);
  }, [route]);

  useEffect(() => fetchScreens(), []);

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
              <span>Not connected. {errorText(connection.detail)} What you see may be out of date.</span>
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
