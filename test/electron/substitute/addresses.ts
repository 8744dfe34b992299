/** Chromium outside Electron knows no `app://`: its pages lie at a secure address that nothing else can have. */
const APP = 'app://proofswarm';
const WEB = 'https://proofswarm.invalid';

export const toWeb = (url: string): string =>
  url.startsWith(APP) ? WEB + url.slice(APP.length) : url.replace(`blob:${APP}`, `blob:${WEB}`);
export const toApp = (url: string): string =>
  url.startsWith(WEB) ? APP + url.slice(WEB.length) : url.replace(`blob:${WEB}`, `blob:${APP}`);
