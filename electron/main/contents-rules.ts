import { app, type WebContents } from 'electron';
import type { ExternalLinks } from './external-links.ts';
import { isOwnAddress } from './page-address.ts';

/** For every page there ever is: it stays on the app's own address, opens no window, and hosts no other page. */
export function restrictAllContents(links: ExternalLinks): void {
  app.on('web-contents-created', (_event, contents) => restrictContents(contents, links));
}

function restrictContents(contents: WebContents, links: ExternalLinks): void {
  // A dialog that cannot be shown is a link that is not opened.
  const outside = (url: string): void => void links.open(url).catch(() => undefined);
  contents.on('will-navigate', (event) => {
    if (isOwnAddress(event.url)) return;
    event.preventDefault();
    if (event.isMainFrame) outside(event.url);
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnAddress(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    outside(url);
    return { action: 'deny' };
  });
}
