import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startNode, type HeadlessNode } from './support/headless-node.ts';
import { buildRenderer } from './support/renderer-build.ts';
import { capture, overflow, SCREENS, violations, visit } from './support/screens.ts';

const LEAN_MS = 120_000;
let node: HeadlessNode;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await buildRenderer();
  [node, browser] = await Promise.all([startNode({ args: ['--no-prove', '--offline'] }), launchChromium()]);
  context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(node.invitation);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await node[Symbol.asyncDispose]();
});

// One story on one node: each part goes on from the one before.
test('the welcome ends with a theorem that this machine has proved', async () => {
  await page.getByRole('heading', { name: 'Prove theorems together' }).waitFor();
  expect(await violations(page)).toEqual([]);
  const goOn = page.getByRole('button', { name: 'Go on' });
  expect(await goOn.isDisabled()).toBe(true);
  await page.getByLabel('Proofs that I publish').check();
  await goOn.click();
  await page.getByRole('button', { name: 'Prove it' }).click();
  await page.getByText('Proved on this machine').waitFor({ timeout: LEAN_MS });
  await page.getByText('accepted by Lean’s kernel').waitFor();
  expect(await violations(page)).toEqual([]);
  await capture(page, 'first-run');
  await page.getByRole('button', { name: 'Open Proofswarm' }).press('Enter');
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main');
}, 180_000);

test('a dataset is imported, and what is no statement is said', async () => {
  await visit(page, 'statements');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.locator('input[type=file]').setInputFiles({
    name: 'two.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from(
      [
        {
          name: 'zero_add_twice',
          formal_statement: 'theorem zero_add_twice (n : Nat) : 0 + (0 + n) = n := by sorry',
        },
        { name: 'no_statement' },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    ),
  });
  await page.getByText('1 statement added').waitFor();
  await page.getByText('1 entry could not be read').waitFor();
  await page.getByRole('searchbox').fill('zero_add_twice');
  await page.getByRole('link', { name: 'zero_add_twice' }).click();
  await page.getByRole('button', { name: 'Prove it' }).click();
  await page.getByText('accepted by Lean’s kernel').waitFor({ timeout: LEAN_MS });
  expect(await violations(page)).toEqual([]);
  await capture(page, 'session');
  await visit(page, 'memory');
  await page.getByRole('searchbox').fill('zero_add_twice');
  await page.getByRole('link', { name: 'zero_add_twice' }).first().waitFor();
}, 180_000);

test('the editor writes symbols, and shows what Lean says', async () => {
  await visit(page, 'prove');
  await page.locator('.editor .cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('theorem t (p q : Prop) (h : p \\and q) : q \\and p := by omga');
  await page.getByText('∧').first().waitFor();
  await page.locator('.diagnostics li[data-severity=error]').first().waitFor({ timeout: LEAN_MS });
  expect(await violations(page)).toEqual([]);

  await page.keyboard.press('ControlOrMeta+a');
  await page.evaluate(`(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', '\\ufefftheorem pasted :\\r\\n\\tTrue := by\\u00a0sorry');
    const pasted = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.querySelector('.editor').shadowRoot.querySelector('.cm-content').dispatchEvent(pasted);
  })()`);
  await expect
    .poll(() => page.locator('.editor .cm-line').allInnerTexts())
    .toEqual(['theorem pasted :', '  True := by sorry']);
}, 180_000);

test('donating is paused and gone on with, on every screen', async () => {
  await visit(page, 'home');
  const pill = page.locator('.sidebar-foot');
  const focused = (): Promise<unknown> =>
    page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.textContent');
  await pill.getByRole('button', { name: 'Start donating' }).press('Enter');
  const begun = pill.getByRole('button', { name: /Pause|Resume/ });
  await begun.waitFor();
  expect(await focused()).toMatch(/^(Pause|Resume) donating$/);
  // What has come in the place of the button is not meant by the second click of a double click.
  await begun.dispatchEvent('click', { detail: 2 });
  const card = page.locator('.status-card');
  await card.getByRole('button', { name: 'Stop', exact: true }).press('Enter');
  await pill.getByRole('button', { name: 'Start donating' }).waitFor();
  await expect.poll(focused).toBe('Start donating');
  expect(await begun.count()).toBe(0);
});

test.each(['light', 'dark'] as const)(
  'every screen in %s: nothing for axe to say, nothing beyond the edge',
  async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const screen of SCREENS) {
        await visit(page, screen);
        const where = `${screen} at ${width} in ${colorScheme}`;
        expect(await violations(page), where).toEqual([]);
        expect(await overflow(page), where).toBeLessThanOrEqual(0);
        await capture(page, `${screen}-${width}-${colorScheme}`);
      }
    }
  },
  240_000,
);

test('the keyboard reaches the content, the screens and the list of keys', async () => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await visit(page, 'home');
  await page.reload();
  await page.locator('main h1').waitFor();
  await page.keyboard.press('Tab');
  await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.getByRole('heading', { name: 'Memory', level: 1 }).waitFor();
});

test('no policy was broken and nothing was thrown', () => {
  expect(complaints.join('\n')).toBe('');
});
