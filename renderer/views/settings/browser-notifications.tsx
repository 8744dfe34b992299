import { useState } from 'react';
import { Button } from '../../components/controls.tsx';

/** Notifications outside of the page, which a browser shows only where its user has allowed them. */
export function BrowserNotifications() {
  const [permission, setPermission] = useState<NotificationPermission | 'unsupported'>(() =>
    'Notification' in window ? Notification.permission : 'unsupported',
  );
  switch (permission) {
    case 'unsupported':
      return <p className="small muted">They appear on this page; this browser shows none outside of it.</p>;
    case 'granted':
      return <p className="small muted">While this page is out of sight, the browser shows them.</p>;
    case 'denied':
      return (
        <p className="small muted">
          They appear on this page. This browser has been told not to show them outside of it; its settings
          for this site can change that.
        </p>
      );
    case 'default':
      return (
        <div className="stack-small">
          <p className="small muted">They appear on this page only.</p>
          <div className="row">
            <Button
              small
              onClick={() => void Notification.requestPermission().then(setPermission, () => undefined)}
            >
              Show them outside of it, too
            </Button>
          </div>
        </div>
      );
  }
}
