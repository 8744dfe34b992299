import { desktop } from '../../app/transport/open-transport.ts';
import { Check, Failure } from '../../components/controls.tsx';
import { BrowserNotifications } from './browser-notifications.tsx';
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
      </div>
      {!inApp && <BrowserNotifications />}
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
          <Failure error={app.error} />
        </div>
      )}
      <SectionFoot section={notifications} />
    </>
  );
}
