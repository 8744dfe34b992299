import { desktop } from '../../app/transport/open-transport.ts';
import { Check } from '../../components/controls.tsx';
import { SectionFoot } from './section-foot.tsx';
import { useSection } from './use-section.ts';

export function NotificationSettings() {
  const notifications = useSection('notifications');
  const app = useSection('app');
  const inApp = desktop() !== undefined;
  return (
    <>
      <div className="stack">
        <Check
          label="When this machine finds a proof"
          checked={notifications.value.ownProofs}
          onChange={(ownProofs) => notifications.set({ ownProofs })}
        />
        <Check
          label="When a statement that you watch is proved"
          checked={notifications.value.watchedStatements}
          onChange={(watchedStatements) => notifications.set({ watchedStatements })}
        />
        {!inApp && <p className="small faint">In a browser they appear on this page only.</p>}
      </div>
      {inApp && (
        <div className="stack">
          <h3>The app</h3>
          <Check
            label="Start when I log in"
            checked={app.value.launchAtLogin}
            onChange={(launchAtLogin) => app.set({ launchAtLogin })}
          />
          <Check
            label="Closing the window leaves it in the tray"
            checked={app.value.closeToTray}
            onChange={(closeToTray) => app.set({ closeToTray })}
          />
        </div>
      )}
      <SectionFoot section={notifications} />
    </>
  );
}
