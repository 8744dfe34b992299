import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { callNode } from './support/api-call.ts';
import { startNode, type HeadlessNode } from './support/headless-node.ts';
import { buildRenderer } from './support/renderer-build.ts';
import { ARTEFACTS, violations, visit } from './support/screens.ts';

const LEAN_MS = 120_000;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

let node: HeadlessNode;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  await buildRenderer();
  [node, browser] = await Promise.all([
    startNode({ args: ['--no-prove', '--offline'], settings: {} }),
    launchChromium(),
  ]);
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  page = await context.newPage();
  await page.goto(node.invitation);
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
}, 180_000);

afterAll(async () => {
  await browser.close();
  await node[Symbol.asyncDispose]();
});

/** Width and height, as the image says. */
function sizeOf(png: Buffer): [number, number] {
  expect(png.subarray(0, 8)).toEqual(PNG);
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

test('a proof that is found is told of on any screen, with a card to save and to copy', async () => {
  await visit(page, 'models');
  const text =
    'theorem sum_and_its_double (a b c : Nat) (h : a + b = c) :\n    a + b + c = 2 * c := by sorry';
  await callNode(page, 'prove.start', { source: { kind: 'text', text } });
  const toast = page.locator('.toast');
  await toast.getByText('A proof was found on this machine').waitFor({ timeout: LEAN_MS });
  await toast.getByRole('button', { name: 'Card of sum_and_its_double' }).click();
  const dialog = page.getByRole('dialog', { name: 'Card of the theorem' });
  await dialog.getByRole('img', { name: /^Proved in Lean 4: theorem sum_and/ }).waitFor();
  expect(await violations(page)).toEqual([]);

  const cards: Buffer[] = [];
  for (const theme of ['Light', 'Dark']) {
    await dialog.getByRole('radio', { name: theme }).check({ force: true });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save the image' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('sum_and_its_double.png');
    const file = path.join(ARTEFACTS, `card-${theme.toLowerCase()}.png`);
    await download.saveAs(file);
    const png = await readFile(file);
    expect(sizeOf(png)).toEqual([1200, 630]);
    cards.push(png);
  }
  expect(cards[0]?.equals(cards[1] ?? Buffer.alloc(0))).toBe(false);

  await dialog.getByRole('button', { name: 'Copy the image' }).click();
  await dialog.getByText('Copied').waitFor();
  const bytes: unknown = await page.evaluate(`navigator.clipboard.read()
    .then(([item]) => item.getType('image/png')).then((blob) => blob.arrayBuffer())
    .then((buffer) => [...new Uint8Array(buffer)])`);
  expect(sizeOf(Buffer.from(bytes as number[]))).toEqual([1200, 630]);
}, 200_000);

test('nothing is put over the session that found the proof, as it says so itself', async () => {
  await page.keyboard.press('Escape');
  await visit(page, 'prove');
  await page.locator('.editor .cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText('theorem twice_is_even (a : Nat) : (a + a) % 2 = 0 := by sorry');
  // What is left out is no fault here.
  await page.getByText('No errors').waitFor({ timeout: LEAN_MS });
  await page.locator('.diagnostic-text', { hasText: 'This is what is to be proved.' }).waitFor();
  await page.getByRole('button', { name: 'Prove twice_is_even' }).click();
  await page.getByRole('heading', { name: 'twice_is_even', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Copy the proof' }).waitFor({ timeout: LEAN_MS });
  expect(await page.locator('.toast').count()).toBe(0);
}, 200_000);
