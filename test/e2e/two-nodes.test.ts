import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { QUIET_NETWORK, startNode, type HeadlessNode } from './support/headless-node.ts';
import { buildRenderer } from './support/renderer-build.ts';
import { visit } from './support/screens.ts';

const LEAN_MS = 120_000;
const LISTEN = ['--listen', '/ip4/127.0.0.1/tcp/0'];
const OPEN_FOR_LONG = `theorem strong_goldbach (n : Nat) (h : 2 < n) (e : n % 2 = 0) :
    ∃ p q, n = p + q ∧ 1 < p ∧ 1 < q ∧ (∀ d, d ∣ p → d = 1 ∨ d = p) ∧ (∀ d, d ∣ q → d = 1 ∨ d = q) := by sorry`;

let finder: HeadlessNode;
let other: HeadlessNode;
let browser: Browser;
let finderPage: Page;
let otherPage: Page;

beforeAll(async () => {
  [, browser] = await Promise.all([buildRenderer(), launchChromium()]);
  const settings = {
    network: QUIET_NETWORK,
    donation: { when: { kind: 'always' as const } },
    prove: { seconds: 600, rounds: 256 },
  };
  finder = await startNode({ args: ['--no-prove', ...LISTEN], settings });
  const [address = ''] = finder.addresses;
  other = await startNode({ args: ['--no-prove', ...LISTEN, '--bootstrap', address], settings });
  // Browsers of two people: neither's cookie is the other's.
  [finderPage, otherPage] = (await Promise.all(
    [finder, other].map(async ({ invitation }) => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(invitation);
      await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
      return page;
    }),
  )) as [Page, Page];
}, 180_000);

afterAll(async () => {
  await browser.close();
  await Promise.all([finder, other].map((node) => node[Symbol.asyncDispose]()));
});

test('a proof found on one node appears in the Memory of another, which has checked it itself', async () => {
  for (const page of [finderPage, otherPage]) {
    await visit(page, 'network');
    await page.locator('.page-head').getByText('1 peer').waitFor();
  }
  await visit(otherPage, 'memory');
  await otherPage.getByText('No proofs yet').waitFor();

  await visit(finderPage, 'prove');
  await finderPage.locator('.editor .cm-content').click();
  await finderPage.keyboard.press('ControlOrMeta+a');
  await finderPage.keyboard.insertText('theorem carried_over (a b : Nat) : a + b + 0 = b + a := by sorry');
  await finderPage.getByRole('button', { name: 'Prove carried_over' }).click();
  await finderPage.getByText('accepted by Lean’s kernel').waitFor({ timeout: LEAN_MS });

  // Nothing is reloaded: the screen that is open shows it by itself.
  await otherPage.getByRole('link', { name: /carried_over/ }).click({ timeout: LEAN_MS });
  const detail = otherPage.getByRole('region', { name: 'Proof', exact: true });
  await detail.getByText('Verified here').waitFor();
  expect(await detail.locator('dd').first().textContent()).toBe(finder.peer);

  await visit(finderPage, 'memory');
  const proofs = finderPage.getByRole('region', { name: 'Proofs', exact: true });
  await proofs.getByRole('link', { name: /carried_over/ }).click();
  await finderPage
    .getByRole('region', { name: 'Proof', exact: true })
    .getByText('this machine', { exact: true })
    .waitFor();
}, 240_000);

test('donating is begun, paused with its reason, gone on with and stopped, on the screen', async () => {
  await visit(finderPage, 'statements');
  await finderPage.getByRole('button', { name: 'Import', exact: true }).click();
  await finderPage.locator('input[type=file]').setInputFiles({
    name: 'open.lean',
    mimeType: 'text/plain',
    buffer: Buffer.from(OPEN_FOR_LONG),
  });
  await finderPage.getByText('1 statement added').waitFor();
  await visit(finderPage, 'home');
  const card = finderPage.locator('.status-card');
  const button = (name: string) => card.getByRole('button', { name, exact: true });
  const running = finderPage.getByRole('region', { name: 'Work' }).getByText('Running', { exact: true });
  const proving = card.getByRole('heading', { name: 'Proving 1 statement' });

  await button('Start donating').click();
  await proving.waitFor({ timeout: LEAN_MS });
  await running.waitFor();
  await button('Pause').click();
  await card.getByText('You paused it.').waitFor();
  await card.getByRole('heading', { name: 'Paused' }).waitFor();
  await expect.poll(() => running.count()).toBe(0);

  // The pause holds for whoever opens the page anew, and is one click away on every screen.
  await finderPage.reload();
  await card.getByText('You paused it.').waitFor();
  await visit(finderPage, 'memory');
  await finderPage.locator('.sidebar-foot').getByRole('button', { name: 'Resume donating' }).click();
  await visit(finderPage, 'home');
  await proving.waitFor({ timeout: LEAN_MS });
  await button('Pause for an hour').click();
  await card.getByText(/You paused it until/).waitFor();
  await button('Stop').click();
  await button('Start donating').waitFor();
}, 240_000);
