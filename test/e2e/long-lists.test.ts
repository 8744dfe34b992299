import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBank } from '../../core/memory/index.ts';
import { numbered, prove } from '../memory/proofs.ts';
import { launchChromium } from '../support/chromium.ts';
import { startNode, type HeadlessNode } from './support/headless-node.ts';
import { buildRenderer } from './support/renderer-build.ts';
import { SCROLL, type Scrolled } from './support/scroll.ts';
import { visit } from './support/screens.ts';

const STATEMENTS = 100_000;
/** Each is signed and inserted for real, which takes some milliseconds. */
const PROOFS = 1500;
/** Rows in the document: what is in sight, and some beyond either edge. */
const MAX_ROWS = 60;
const MAX_ANSWER_BYTES = 150_000;

let node: HeadlessNode;
let browser: Browser;
let page: Page;
const answers: { readonly command: string; readonly bytes: number }[] = [];

beforeAll(async () => {
  await buildRenderer();
  [node, browser] = await Promise.all([
    startNode({ args: ['--no-prove', '--offline'], settings: {}, prepare: fill }),
    launchChromium(),
  ]);
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on('response', (response) => void note(response));
  await page.goto(node.invitation);
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
}, 180_000);

afterAll(async () => {
  await browser.close();
  await node[Symbol.asyncDispose]();
});

async function fill(data: string): Promise<void> {
  await mkdir(path.join(data, 'statements'), { recursive: true });
  const file = path.join(data, 'statements/statements.jsonl');
  const environment = { lean: '4.28.0-pre', library: 'core' };
  for (let at = 0; at < STATEMENTS; at += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, index) => {
      const n = at + index;
      const formal = `theorem row_${n} (a b : Nat) (h : a = b + ${n}) : a * 2 = b + b + ${2 * n}`;
      const statement = { environment, header: '', formal, name: `row_${n}`, topic: 'arithmetic' };
      return `${JSON.stringify({ statement, importedAt: 1_700_000_000_000 + n })}\n`;
    });
    await appendFile(file, lines.join(''));
  }
  await using bank = await openBank({ directory: path.join(data, 'bank') });
  const proofs = Array.from({ length: PROOFS }, (_, n) =>
    prove(numbered(n), { createdAt: 1_700_000_000_000 + n }),
  );
  await Promise.all(proofs.map(({ proof, signed }) => bank.insert(proof, signed)));
}

async function note(response: Response): Promise<void> {
  const command = /\/api\/call\/(\S+)$/.exec(response.url())?.[1];
  if (command === undefined) return;
  const body = await response.body().catch(() => undefined);
  if (body !== undefined) answers.push({ command, bytes: body.length });
}

const lists = [
  {
    screen: 'statements',
    label: 'Statements',
    rows: STATEMENTS,
    command: 'statements.list',
    name: (n: number) => `row_${n}`,
  },
  {
    screen: 'memory',
    label: 'Proofs',
    rows: PROOFS,
    command: 'bank.list',
    name: (n: number) => `numbered_${n}`,
  },
] as const;

test.each(lists)(
  '$rows rows of $label scroll smoothly, and only those in sight are read',
  async (of) => {
    await visit(page, of.screen);
    const list = page.getByRole('list', { name: of.label, exact: true });
    // Newest first.
    await list.getByText(of.name(of.rows - 1), { exact: true }).waitFor();
    expect(await list.getByRole('listitem').first().getAttribute('aria-setsize')).toBe(String(of.rows));
    answers.length = 0;

    const scrolled = await page.evaluate<Scrolled>(
      `(${SCROLL})(document.querySelector('.virtual[aria-label=${of.label}]'))`,
    );
    const share = scrolled.late / scrolled.frames;
    console.info(
      `${of.label}: ${scrolled.frames} frames, median ${scrolled.median.toFixed(1)} ms, 95% ${scrolled.p95.toFixed(1)} ms, ` +
        `longest task ${scrolled.longestTask.toFixed(0)} ms, ${(share * 100).toFixed(0)} % late, ${scrolled.pixels} pixels`,
    );
    expect(scrolled.frames).toBeGreaterThan(60);
    expect(scrolled.mostRows).toBeLessThanOrEqual(MAX_ROWS);
    // Bounds for a machine that does other things besides; alone it is far below.
    expect(scrolled.median).toBeLessThan(25);
    expect(scrolled.p95).toBeLessThan(100);
    expect(scrolled.longestTask).toBeLessThan(250);
    expect(share).toBeLessThan(0.25);

    const before = answers.length;
    await page.evaluate(`document.querySelector('.virtual[aria-label=${of.label}]').scrollTop = 1e9`);
    await list.getByText(of.name(0), { exact: true }).waitFor({ timeout: 5000 });
    const jumped = answers.slice(before).filter(({ command }) => command === of.command);
    expect(jumped.length).toBeLessThanOrEqual(2);
    expect(await list.getByRole('listitem').count()).toBeLessThanOrEqual(MAX_ROWS);

    const read = answers.filter(({ command }) => command === of.command);
    expect(read.length).toBeGreaterThan(0);
    expect(read.length).toBeLessThan(60);
    expect(Math.max(...read.map(({ bytes }) => bytes))).toBeLessThan(MAX_ANSWER_BYTES);
  },
  120_000,
);

test('the arrows go on where nothing has been read yet', async () => {
  await visit(page, 'statements');
  const list = page.getByRole('list', { name: 'Statements', exact: true });
  await list.getByText(`row_${STATEMENTS - 1}`, { exact: true }).waitFor();
  await list.getByRole('link').first().focus();
  for (let step = 0; step < 130; step++) await page.keyboard.press('ArrowDown');
  await expect
    .poll(() => page.evaluate('document.activeElement.textContent'))
    .toContain(`row_${STATEMENTS - 131}`);
});

test('one of 100,000 is found by its name', async () => {
  await visit(page, 'statements');
  await page.getByRole('searchbox').fill('row_31415');
  const list = page.getByRole('list', { name: 'Statements', exact: true });
  await list.getByText('row_31415', { exact: true }).waitFor({ timeout: 10_000 });
  await page.getByRole('searchbox').fill('nowhere to be found');
  await page.getByText('Nothing matches').waitFor();
  expect(await list.getByText('row_31415').count()).toBe(0);
});
