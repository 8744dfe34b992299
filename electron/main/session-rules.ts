import type { Session } from 'electron';
import { isOwnAddress, ORIGIN, SCHEME } from './page-address.ts';

/** What the Copy buttons use; a page can write plain text and images only, and only on a user's gesture. */
const ALLOWED_PERMISSION = 'clipboard-sanitized-write';

/** Denies pages every permission but one, every device, every request to elsewhere, and downloads of what is not their own. */
export function restrictSession(session: Session, options: { readonly developer: boolean }): void {
  session.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl, isMainFrame }) => {
    callback(permission === ALLOWED_PERMISSION && isMainFrame && isOwnAddress(requestingUrl));
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === ALLOWED_PERMISSION && isOwnAddress(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }));
  session.setDisplayMediaRequestHandler(null);
  session.setSpellCheckerEnabled(false);

  session.webRequest.onBeforeRequest(({ url }, callback) => {
    const developer = options.developer && url.startsWith('devtools://');
    callback({ cancel: !developer && !isLocal(url) });
  });
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${ORIGIN}/`)) event.preventDefault();
  });
}

const isLocal = (url: string): boolean =>
  isOwnAddress(url) || url.startsWith(`blob:${SCHEME}://`) || url.startsWith('data:');
