import { DonationPill } from '../components/donation-pill.tsx';
import { Button } from '../components/controls.tsx';
import { compactCount } from '../components/format.ts';
import { Icon } from '../components/icon.tsx';
import { useNodeState } from '../store/hooks.ts';
import { hrefOf, SCREEN_INFO, SCREENS, type Screen } from './routes.ts';

export const Brand = () => (
  <span className="brand">
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <path
        d="M9 8v16M9 16h13"
        stroke="var(--on-accent)"
        strokeWidth="2.6"
        strokeLinecap="round"
        fill="none"
      />
      <circle cx="22" cy="8.6" r="2.2" fill="#f3c969" />
      <circle cx="24.6" cy="16" r="2.2" fill="var(--on-accent)" />
      <circle cx="22" cy="23.4" r="2.2" fill="#f3c969" />
    </svg>
    Proofswarm
  </span>
);

interface NavigationProps {
  readonly current: Screen;
  readonly open: boolean;
  readonly onHelp: () => void;
}

export function Navigation({ current, open, onHelp }: NavigationProps) {
  const running = useNodeState(({ sessions }) => sessions.filter(({ state }) => state === 'running').length);
  const statements = useNodeState((state) => state.statements.total);
  const proofs = useNodeState(({ bank }) => bank.proofs);
  const peers = useNodeState(({ network }) => network.peers);
  const counts: Partial<Record<Screen, readonly [number, string]>> = {
    prove: [running, 'running'],
    statements: [statements, 'statements'],
    memory: [proofs, 'proofs'],
    network: [peers, 'peers'],
  };
  return (
    <aside className="sidebar" data-open={open} aria-label="Proofswarm">
      <Brand />
      <nav aria-label="Screens">
        <ul className="nav-list">
          {SCREENS.map((screen) => {
            const [count = 0, unit = ''] = counts[screen] ?? [];
            return (
              <li key={screen}>
                <a
                  className="nav-link"
                  href={hrefOf(screen)}
                  aria-current={screen === current ? 'page' : undefined}
                >
                  <Icon name={SCREEN_INFO[screen].icon} />
                  {SCREEN_INFO[screen].title}
                  {count > 0 && (
                    <span className="nav-count">
                      {compactCount(count)} <span className="visually-hidden">{unit}</span>
                    </span>
                  )}
                </a>
              </li>
            );
          })}
        </ul>
      </nav>
      <div className="sidebar-foot">
        <DonationPill />
        <Button kind="quiet" small onClick={onHelp}>
          Keyboard shortcuts
        </Button>
      </div>
    </aside>
  );
}
