/** The web host: the renderer and a node's service, for browsers on this machine. */
export { WebListenError } from './errors.ts';
export { PAGE_MISSING, WebHost, type WebHostComponents, type WebHostInit } from './host.ts';
