import type { ReactNode } from 'react';
import { hrefOf, type Route } from '../../app/routes.ts';
import { useNodeState } from '../../store/hooks.ts';
import { AppearanceSettings } from './appearance-settings.tsx';
import { DonationSettings } from './donation-settings.tsx';
import { LeanSettings } from './lean-settings.tsx';
import { NetworkSettings } from './network-settings.tsx';
import { NotificationSettings } from './notification-settings.tsx';
import { ProveDefaults } from './prove-defaults.tsx';
import { StorageSettings } from './storage-settings.tsx';

const SECTIONS: readonly (readonly [string, string, () => ReactNode])[] = [
  ['donation', 'Donation rules', DonationSettings],
  ['proving', 'Proving', ProveDefaults],
  ['network', 'Network', NetworkSettings],
  ['lean', 'Lean', LeanSettings],
  ['storage', 'Storage', StorageSettings],
  ['appearance', 'Appearance', AppearanceSettings],
  ['notifications', 'Notifications', NotificationSettings],
];

export function Settings({ route }: { readonly route: Route }) {
  const version = useNodeState(({ node }) => node.version);
  const [current, title, Section] = SECTIONS.find(([name]) => name === route.id) ?? SECTIONS[0] ?? [];
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Settings</h1>
          <p>Each change holds at once, unless it says otherwise. Proofswarm {version}</p>
        </div>
      </header>
      <div className="settings">
        <nav aria-label="Settings">
          <ul className="tabs">
            {SECTIONS.map(([name, label]) => (
              <li key={name}>
                <a
                  className="nav-link"
                  href={hrefOf('settings', name)}
                  aria-current={name === current ? 'page' : undefined}
                >
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <section className="card settings-body" aria-labelledby="section">
          <h2 id="section" className="card-head">
            {title}
          </h2>
          <div className="card-pad stack-large">{Section !== undefined && <Section />}</div>
        </section>
      </div>
    </div>
  );
}
