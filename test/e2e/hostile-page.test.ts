import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startNode, type HeadlessNode } from './support/headless-node.ts';
import { ATTACKS, serveHostileSite, type HostileSite } from './support/hostile-site.ts';
import { buildRenderer } from './support/renderer-build.ts';

const REFUSED = new Set([401, 403, 421, 429]);

let node: HeadlessNode;
let site: HostileSite;
let browser: Browser;
/** The user's browser: the page of the node is open in it, so that its cookie and key are there. */
let user: BrowserContext;
let own: Page;
let target: string;
let command: object;

beforeAll(async () => {
  await buildRenderer();
  [node, site, browser] = await Promise.all([
    startNode({ args: ['--no-prove', '--offline'], settings: { donation: { when: { kind: 'always' } } } }),
    serveHostileSite(),
    // What the owner of a name does who points it to this machine once the page is loaded.
    launchChromium('--host-resolver-rules=MAP *.test 127.0.0.1'),
  ]);
  target = new URL(node.invitation).origin;
  user = await browser.newContext();
  own = await user.newPage();
  await own.goto(node.invitation);
  await own.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  const assets = String(
    await own.evaluate(
      '[document.querySelector("script[src]").src, document.querySelector("link[rel=stylesheet]").href].join()',
    ),
  ).split(',');
  const [script, style] = assets.map((url) => new URL(url).pathname);
  const input = { action: 'start' };
  command = { name: 'donation.control', input, form: '{"action":"start","x":"', script, style };
}, 120_000);

afterAll(async () => {
  await browser.close();
  await Promise.all([node[Symbol.asyncDispose](), site[Symbol.asyncDispose]()]);
});

/** Runs every attack from a page of that origin. Returns what did not end as refused, and all answers of the node's. */
async function attackFrom(context: BrowserContext, origin: string) {
  const page = await context.newPage();
  const answers: { readonly url: string; readonly status: number }[] = [];
  page.on('response', (response) => {
    if (response.url().startsWith(target)) answers.push({ url: response.url(), status: response.status() });
  });
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().startsWith(target)) asked++;
  });
  await page.goto(origin);
  const outcomes = await page.evaluate<Record<string, string>>(
    `(${ATTACKS})(${JSON.stringify(target)}, ${JSON.stringify(command)})`,
  );
  await page.close();
  const reached = Object.entries(outcomes).filter(([, outcome]) => outcome !== 'refused');
  return { asked, reached, answers };
}

const untouched = async (): Promise<void> => {
  await own.bringToFront();
  await own.locator('.status-card').getByRole('button', { name: 'Start donating' }).waitFor();
};

test('the same attacks from the page itself do reach the node, so that the others could', async () => {
  const page = await user.newPage();
  await page.goto(target);
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  const loaded: unknown = await page.evaluate(`new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(true);
    image.onerror = () => resolve(false);
    image.src = '/icon.svg';
  })`);
  expect(loaded).toBe(true);
  const read: unknown = await page.evaluate(`fetch('/api/call/api.snapshot', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-proofswarm-key': localStorage.getItem('proofswarm.key') },
    body: '{}',
  }).then((response) => response.text())`);
  expect(String(read)).toContain('"peer":"12D3');
  await page.close();
});

describe.each([
  ['another site', (): string => `http://attacker.test:${site.port}`],
  ['another server on this machine, which is the same site', (): string => `http://127.0.0.1:${site.port}`],
  ['this machine by another name', (): string => `http://localhost:${site.port}`],
])('a page of %s', (_, origin) => {
  test('reaches nothing, in the browser that holds the cookie', async () => {
    const { asked, reached, answers } = await attackFrom(user, origin());
    expect(asked).toBeGreaterThan(15);
    expect(reached).toEqual([]);
    expect(answers.filter(({ status }) => !REFUSED.has(status))).toEqual([]);
    await untouched();
  });

  test('reaches nothing without the cookie', async () => {
    const stranger = await browser.newContext();
    const { reached, answers } = await attackFrom(stranger, origin());
    expect(reached).toEqual([]);
    expect(answers.filter(({ status }) => !REFUSED.has(status))).toEqual([]);
    await stranger.close();
    await untouched();
  });
});

test('a window that a hostile page opens on the node is out of its reach', async () => {
  const page = await user.newPage();
  await page.goto(`http://127.0.0.1:${site.port}`);
  const [popup] = await Promise.all([
    user.waitForEvent('page'),
    page.evaluate(`void (globalThis.opened = window.open(${JSON.stringify(target)}))`),
  ]);
  await popup.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  expect(await popup.evaluate('window.opener')).toBeNull();
  expect(await page.evaluate('globalThis.opened.closed')).toBe(true);
  await popup.close();
  await page.close();
});

test('a server that the browser has handed the cookie to gets no data with it', async () => {
  const name = `proofswarm-${new URL(target).port}`;
  const stolen = site.heard.map(({ cookie = '' }) => cookie).find((cookie) => cookie.includes(`${name}=`));
  // Browsers part cookies by host, not by port.
  expect(stolen).toBeDefined();
  const answer = await fetch(`${target}/api/call/api.snapshot`, {
    method: 'POST',
    headers: { cookie: stolen ?? '', 'content-type': 'application/json' },
    body: '{}',
  });
  expect(answer.status).toBe(401);
  expect(await answer.text()).not.toContain('12D3');
});

test('a name pointed to this machine (DNS rebinding) gets nothing, not even with a token that is right', async () => {
  const rebound = target.replace('127.0.0.1', 'rebound.test');
  const page = await user.newPage();
  const invited = await inviteFrom(own);
  for (const path of ['/', '/index.html', new URL(invited).search.replace(/^/, '/')]) {
    expect((await page.goto(rebound + path))?.status()).toBe(421);
  }
  // The page is now of the very origin that it asks.
  const statuses: unknown = await page.evaluate(`Promise.all([
    fetch('/icon.svg'),
    fetch('/api/events'),
    fetch('/api/call/api.snapshot', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
  ]).then((responses) => responses.map(({ status }) => status))`);
  expect(statuses).toEqual([421, 421, 421]);
  expect((await user.cookies(rebound)).length).toBe(0);
  await page.close();
  const fresh = await browser.newContext();
  const guest = await fresh.newPage();
  await guest.goto(invited);
  await guest.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  await fresh.close();
});

test('guessed tokens open nothing, and keep nobody out', async () => {
  const stranger = await browser.newContext();
  const page = await stranger.newPage();
  const statuses: (number | undefined)[] = [];
  for (let guess = 0; guess < 40; guess++) {
    statuses.push((await page.goto(`${target}/?token=${String(guess).repeat(43).slice(0, 43)}`))?.status());
  }
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  expect(await stranger.cookies(target)).toEqual([]);
  await page.goto(await inviteFrom(own));
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  await stranger.close();
});

test('the key is in no address, and no part of the session is for scripts of other origins', async () => {
  expect(own.url()).not.toContain('key');
  const [cookie] = await user.cookies(target);
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(await own.evaluate('document.cookie')).toBe('');
});

async function inviteFrom(page: Page): Promise<string> {
  const text: unknown = await page.evaluate(`fetch('/api/invite', {
    method: 'POST',
    headers: { 'x-proofswarm-key': localStorage.getItem('proofswarm.key') },
  }).then((response) => response.text())`);
  return String(text);
}
