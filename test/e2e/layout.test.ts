import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandOutput } from '../../core/api/index.ts';
import { launchChromium } from '../support/chromium.ts';
import { callNode } from './support/api-call.ts';
import { fillNode } from './support/filled-data.ts';
import { QUIET_NETWORK, startNode, type HeadlessNode } from './support/headless-node.ts';
import { focusFaults, layoutFaults, lengthenTexts, restoreTexts } from './support/layout.ts';
import { buildRenderer } from './support/renderer-build.ts';
import { SCREENS, visit } from './support/screens.ts';

const LEAN_MS = 120_000;
/** As the project wants it, compressed. */
const MAX_BUNDLE_BYTES = 700_000;
/** The goal is one second on a machine that does nothing else; this one may be doing other things. */
const MAX_PAINT_MS = 3000;
/** Of 1280 × 900 pixels at 200 %, this many are left to the page: it is what a browser's zoom does. */
const WINDOWS = [
  ['360 pixels', { width: 360, height: 740 }],
  ['200 %', { width: 640, height: 450 }],
] as const;
const MOST_STOPS = 70;
/** Not provable: its attempts have something to say. */
const UNPROVABLE = 'theorem squares_grow (a b : Nat) (h : a < b) : a * a + 1 < b * b := by sorry';

let bundle: string;
let browser: Browser;
const nodes: HeadlessNode[] = [];
let filled: Page;
let empty: Page;
let fresh: Page;
/** On the filled node, with attempts that failed. */
let session: string;

beforeAll(async () => {
  [bundle, browser] = await Promise.all([buildRenderer(), launchChromium()]);
  const args = ['--no-prove', '--offline'];
  const networked = ['--no-prove', '--listen', '/ip4/127.0.0.1/tcp/0'];
  const settings = { network: QUIET_NETWORK };
  const [first, ...others] = await Promise.all([
    startNode({ args: networked, settings, prepare: fillNode }),
    startNode({ args, settings: {} }),
    startNode({ args }),
  ]);
  // A peer that has the same proofs, so that nothing is left to do.
  const [address = ''] = first.addresses;
  const peer = await startNode({
    args: [...networked, '--bootstrap', address],
    settings,
    prepare: fillNode,
  });
  nodes.push(first, ...others, peer);
  [filled, empty, fresh] = (await Promise.all(nodes.slice(0, 3).map(opened))) as [Page, Page, Page];
  const started = await callNode(filled, 'prove.start', {
    source: { kind: 'text', text: UNPROVABLE },
    settings: { seconds: 60, rounds: 2, rollouts: 2 },
  });
  session = started.session.id;
}, 180_000);

afterAll(async () => {
  await browser.close();
  await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
});

async function opened({ invitation }: HeadlessNode): Promise<Page> {
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  await page.goto(invitation);
  await page.locator('main h1').waitFor();
  return page;
}

/** As it is, and with texts as long as German ones. */
async function faultsOf(page: Page): Promise<string[]> {
  const faults = await layoutFaults(page);
  await lengthenTexts(page);
  const lengthened = await layoutFaults(page);
  await restoreTexts(page);
  return [...faults, ...lengthened.map((fault) => `lengthened: ${fault}`)];
}

test('the check sees what is cut off, beyond the edge, on top of each other or without a focus ring', async () => {
  const page = await browser.newPage({ viewport: { width: 360, height: 400 } });
  await page.setContent(`<body style="margin: 0"><main>
    <p style="width: 60px; overflow: hidden; white-space: nowrap">cut off at its side</p>
    <p style="height: 10px; overflow: hidden">cut off below</p>
    <p style="position: relative; left: 330px; width: 200px">beyond the edge</p>
    <div style="position: absolute; top: 200px">one text</div>
    <div style="position: absolute; top: 204px">another text</div>
    <div style="overflow: auto; width: 90px; height: 30px"><p style="width: 400px">what scrolls is no fault</p></div>
    <button style="position: absolute; top: 300px">seen</button>
    <button style="position: absolute; top: 340px; outline: none">not seen</button>
    <button style="position: absolute; top: 370px" onfocus="this.blur()">never reached</button>
  </main></body>`);
  const faults = (await layoutFaults(page)).join('\n');
  for (const fault of [
    'the page scrolls sideways by 170',
    /cut off at its side: p/,
    /cut off below, by \d+: p/,
    /beyond the edge: p/,
    /"one text" lies on div\.\s?"another text"/,
  ]) {
    expect(faults).toMatch(fault);
  }
  expect(faults).not.toContain('no fault');
  const focus = (await focusFaults(page, 10)).join('\n');
  expect(focus).toMatch(/does not show the focus: .*not seen/);
  expect(focus).toContain('not reached by Tab: button. "never reached"');
  expect(focus).not.toContain('"seen"');
  await page.close();
});

test.each(WINDOWS)(
  'at %s every filled screen fits, and shows where the keyboard is',
  async (_, size) => {
    const page = filled;
    await page.setViewportSize(size);
    const [statement] = (await callNode(page, 'statements.list', { limit: 1 })).items;
    const [proof] = (await callNode(page, 'bank.list', { limit: 1 })).items;
    const details = [`statements/${statement?.id ?? ''}`, `memory/${proof?.id ?? ''}`];
    const found: Record<string, readonly string[]> = {};
    for (const screen of [...SCREENS, ...details]) {
      await visit(page, screen);
      const faults = [...(await faultsOf(page)), ...(await focusFaults(page, MOST_STOPS))];
      if (faults.length > 0) found[screen] = faults;
    }
    await visit(page, `prove/${session}`);
    await page.getByRole('button', { name: 'Try again' }).waitFor({ timeout: LEAN_MS });
    await page.locator('button.cell[data-state=failed]').first().click();
    await page.getByText('What Lean said').waitFor();
    const faults = [...(await faultsOf(page)), ...(await focusFaults(page, MOST_STOPS))];
    expect({ ...found, ...(faults.length > 0 && { session: faults }) }).toEqual({});
  },
  240_000,
);

test('a row grows with what is said of a peer, and hides none of it', async () => {
  await filled.setViewportSize({ width: 360, height: 740 });
  const peers = '**/api/call/network.peers';
  // As when its answers were late and wrong.
  await filled.route(peers, async (route) => {
    const response = await route.fetch();
    const reply = (await response.json()) as { output: CommandOutput<'network.peers'> };
    const [first, ...others] = reply.output.items;
    const blamed = { ...first, points: 120, setAsideUntil: Date.now() + 600_000 };
    await route.fulfill({
      response,
      json: { ...reply, output: { ...reply.output, items: [blamed, ...others] } },
    });
  });
  await filled.reload();
  await visit(filled, 'network');
  await filled.getByText('120 points against it').waitFor();
  expect(await faultsOf(filled)).toEqual([]);
  await filled.unroute(peers);
});

const dialogs = [
  ['statements', 'Import'],
  ['statements', 'Publish as a pack'],
  ['memory', 'Export'],
] as const;

test('dialogs fit into 360 pixels', async () => {
  await filled.setViewportSize({ width: 360, height: 740 });
  for (const [screen, button] of dialogs) {
    await visit(filled, screen);
    await filled.getByRole('button', { name: button, exact: true }).click();
    await filled.getByRole('dialog').waitFor();
    expect(await faultsOf(filled), button).toEqual([]);
    await filled.keyboard.press('Escape');
    await filled.getByRole('dialog').waitFor({ state: 'detached' });
  }
});

/** What is said where there is nothing. */
const NOTHING: Readonly<Record<string, string>> = {
  home: 'No proofs yet',
  prove: 'Nothing tried yet',
  statements: 'The board is empty',
  memory: 'No proofs yet',
  network: 'You are offline, by your choice',
  contributions: 'Nobody has proved anything yet',
  models: 'No model yet',
};

test.each(WINDOWS)('at %s every screen says so where there is nothing, and fits', async (_, size) => {
  await empty.setViewportSize(size);
  for (const [screen, title] of Object.entries(NOTHING)) {
    await visit(empty, screen);
    const said = empty.locator('.empty', { hasText: title });
    await said.waitFor();
    // Not the title alone: what will be there, or what to do.
    expect(await said.locator('p').count(), screen).toBeGreaterThan(1);
    expect(await faultsOf(empty), screen).toEqual([]);
  }
});

test.each(WINDOWS)('at %s the welcome fits', async (_, size) => {
  await fresh.setViewportSize(size);
  await fresh.getByRole('heading', { name: 'Prove theorems together' }).waitFor();
  expect([...(await faultsOf(fresh)), ...(await focusFaults(fresh, MOST_STOPS))]).toEqual([]);
});

test('the first proof’s place fits', async () => {
  await fresh.getByLabel('Proofs that I publish').check();
  await fresh.getByRole('button', { name: 'Go on' }).click();
  await fresh.getByRole('heading', { name: 'Your first theorem' }).waitFor();
  for (const [name, size] of WINDOWS) {
    await fresh.setViewportSize(size);
    expect(await faultsOf(fresh), name).toEqual([]);
  }
});

/** Milliseconds from the navigation on. A heading may be in the document before anything is painted. */
const firstPaint = (page: Page): Promise<number> =>
  page.evaluate<number>(`new Promise((found) => {
    const observer = new PerformanceObserver((list) => {
      const [entry] = list.getEntriesByName('first-contentful-paint');
      if (entry === undefined) return;
      observer.disconnect();
      found(entry.startTime);
    });
    observer.observe({ type: 'paint', buffered: true });
  })`);

test('the page is small, and there at once', async () => {
  const files = await readdir(bundle, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async (file) => gzipSync(await readFile(path.join(file.parentPath, file.name))).length),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const paints: number[] = [];
  for (let load = 0; load < 3; load++) {
    await empty.goto('about:blank');
    await empty.goBack();
    await empty.locator('main h1').waitFor();
    paints.push(await firstPaint(empty));
  }
  console.info(
    `${sizes.length} files, ${(bytes / 1000).toFixed(0)} kB gzipped; first paint after ${paints.map((ms) => ms.toFixed(0)).join(', ')} ms`,
  );
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(MAX_BUNDLE_BYTES);
  expect(Math.min(...paints)).toBeLessThan(MAX_PAINT_MS);
});
