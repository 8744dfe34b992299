import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A server of somebody else's on this machine, and what browsers have sent to it. */
export interface HostileSite extends AsyncDisposable {
  readonly port: number;
  readonly heard: readonly IncomingHttpHeaders[];
}

/** Serves an empty page under every name that leads to this machine. */
export async function serveHostileSite(): Promise<HostileSite> {
  const heard: IncomingHttpHeaders[] = [];
  const server = createServer(({ headers }, response) => {
    heard.push(headers);
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html><title>Hostile</title><body>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Runs in the hostile page, as text. Everything a page can do to another address of the browser's, one after another; resolves
 * to what each brought: `refused` where it could not tell the answer from none.
 */
export const ATTACKS = `async (target, command) => {
  const outcomes = {};
  const attempt = async (name, run) => {
    const late = new Promise((resolve) => setTimeout(() => resolve('refused'), 3000));
    outcomes[name] = await Promise.race([run().catch(() => 'refused'), late]);
  };
  const read = async (response) => (response.type === 'opaque' ? 'refused' : 'read: ' + (await response.text()).slice(0, 100));
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(command.input) };
  const call = target + '/api/call/' + command.name;
  for (const credentials of ['include', 'omit']) {
    await attempt('read the page, ' + credentials, async () => read(await fetch(target + '/', { credentials })));
    await attempt('read unseen, ' + credentials, async () => read(await fetch(target + '/', { credentials, mode: 'no-cors' })));
    await attempt('call with preflight, ' + credentials, async () => read(await fetch(call, { ...json, credentials })));
    await attempt('call as text, ' + credentials, async () =>
      read(await fetch(call, { ...json, headers: { 'content-type': 'text/plain' }, credentials, mode: 'no-cors' })));
    await attempt('read events, ' + credentials, async () => read(await fetch(target + '/api/events', { credentials })));
  }
  await attempt('beacon', async () => {
    navigator.sendBeacon(call, new Blob([JSON.stringify(command.input)], { type: 'text/plain' }));
    return 'refused';
  });
  await attempt('event source', () => new Promise((resolve) => {
    const source = new EventSource(target + '/api/events', { withCredentials: true });
    source.onmessage = ({ data }) => resolve('read: ' + data.slice(0, 100));
    source.onerror = () => { source.close(); resolve('refused'); };
  }));
  await attempt('web socket', () => new Promise((resolve) => {
    const socket = new WebSocket(target.replace('http', 'ws') + '/api/events');
    socket.onopen = () => resolve('opened');
    socket.onerror = () => resolve('refused');
  }));
  const embed = (name, tag, properties) => attempt(name, () => new Promise((resolve) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.onload = () => resolve('loaded');
    element.onerror = () => resolve('refused');
    document.body.append(element);
  }));
  await embed('image', 'img', { src: target + '/icon.svg' });
  await embed('script', 'script', { src: target + command.script });
  await embed('module', 'script', { src: target + command.script, type: 'module' });
  await embed('style sheet', 'link', { href: target + command.style, rel: 'stylesheet' });
  await attempt('frame', () => new Promise((resolve) => {
    const frame = Object.assign(document.createElement('iframe'), { src: target + '/' });
    // A frame loads whatever comes, an error page too: what counts is what can be seen of it.
    frame.onload = () => {
      try { resolve(frame.contentDocument?.body.textContent ? 'read: ' + frame.contentDocument.body.textContent : 'refused'); }
      catch { resolve('refused'); }
    };
    document.body.append(frame);
  }));
  await attempt('form', async () => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'answer' });
    const form = Object.assign(document.createElement('form'), { action: call, method: 'post', enctype: 'text/plain', target: 'answer' });
    // What the browser sends is then '{"action":"start","x":"="}', which is JSON.
    form.append(Object.assign(document.createElement('input'), { name: command.form, value: '"}' }));
    document.body.append(frame, form);
    const answered = new Promise((resolve) => { frame.onload = resolve; });
    form.submit();
    await answered;
    try { return frame.contentDocument?.body.textContent ? 'read: ' + frame.contentDocument.body.textContent : 'refused'; }
    catch { return 'refused'; }
  });
  return outcomes;
}`;
