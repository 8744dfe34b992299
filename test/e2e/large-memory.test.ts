import path from 'node:path';
import type { Browser, CDPSession, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandName } from '../../core/api/index.ts';
import { machine, quantile } from '../bench/table.ts';
import { variant } from '../memory/variants.ts';
import { launchChromium } from '../support/chromium.ts';
import { callNode } from './support/api-call.ts';
import { startNode, type HeadlessNode } from './support/headless-node.ts';
import { fillBank, fillBoard } from './support/large-data.ts';
import { buildRenderer } from './support/renderer-build.ts';
import { SCROLL, type Scrolled } from './support/scroll.ts';
import { visit } from './support/screens.ts';

/*
 * Memory and Statements with 100,000 rows each, measured in Chromium over a node whose bank really holds them. By hand, as filling
 * it takes minutes: `npx vitest run test/e2e/large-memory.test.ts --mode large`. Bounds are for a machine that does other things
 * besides.
 */
const ROWS = 100_000;
/** The board's later half has not been proved. */
const FROM = ROWS / 2;
const MAX_ROWS = 60;
const QUERIES = 20;

const report: string[] = [];
let node: HeadlessNode;
let browser: Browser;
let page: Page;
let cdp: CDPSession;

beforeAll(async () => {
  await buildRenderer();
  let started = 0;
  node = await startNode({
    args: ['--no-prove', '--offline'],
    settings: {},
    prepare: async (data) => {
      const [filled] = await timed(async () => {
        await fillBank(path.join(data, 'bank'), ROWS);
        await fillBoard(path.join(data, 'statements'), FROM, ROWS);
      });
      report.push(`filled in ${(filled / 1000).toFixed(0)} s`);
      started = performance.now();
    },
  });
  report.push(`node up in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  cdp = await page.context().newCDPSession(page);
  await page.goto(node.invitation);
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
}, 900_000);

afterAll(async () => {
  console.info(`${machine()}\n${report.join('\n')}`);
  await browser.close();
  await node[Symbol.asyncDispose]();
}, 60_000);

async function timed<T>(run: () => Promise<T>): Promise<[number, T]> {
  const start = performance.now();
  const value = await run();
  return [performance.now() - start, value];
}

/** Of the page alone, in MB, once what is no longer needed is gone. */
async function heap(): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('Performance.enable');
  const { metrics } = await cdp.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN) / 1e6;
}

/** Milliseconds, as the page's own clock has them, from a click until a row is drawn. */
async function firstRows(screen: string, label: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const start = performance.now();
    const look = () => document.querySelector('.virtual[aria-label=${label}] [role=listitem] a')
      ? resolve(performance.now() - start) : requestAnimationFrame(look);
    document.querySelector('nav a[href="#/${screen}"]').click();
    requestAnimationFrame(look);
  })`);
}

const lists = [
  { screen: 'memory', label: 'Proofs', name: (n: number) => variant(n).name, last: ROWS - 1, first: 0 },
  {
    screen: 'statements',
    label: 'Statements',
    name: (n: number) => variant(n).name,
    last: FROM + ROWS - 1,
    first: FROM,
  },
] as const;

test.each(lists)(
  '$label: first rows, scrolling, a jump to the end, and what the page holds',
  async (of) => {
    await visit(page, 'settings/storage');
    const before = await heap();
    const cold = await firstRows(of.screen, of.label);
    await visit(page, 'settings/storage');
    const warm = await firstRows(of.screen, of.label);
    const list: Locator = page.getByRole('list', { name: of.label, exact: true });
    await list.getByText(of.name(of.last), { exact: true }).waitFor();
    expect(await list.getByRole('listitem').first().getAttribute('aria-setsize')).toBe(String(ROWS));

    const selector = `document.querySelector('.virtual[aria-label=${of.label}]')`;
    const scrolled = await page.evaluate<Scrolled>(`(${SCROLL})(${selector})`);
    const [jump] = await timed(async () => {
      await page.evaluate(`${selector}.scrollTop = 1e9`);
      await list.getByText(of.name(of.first), { exact: true }).waitFor();
    });
    // Through the whole list, as someone who drags its bar.
    for (let at = 0; at <= 40; at++) {
      await page.evaluate(`${selector}.scrollTop = ${selector}.scrollHeight * ${at / 40}`);
      await list.locator('[role=listitem] a').first().waitFor();
    }
    const held = await heap();
    report.push(
      `${of.label}: first rows ${cold.toFixed(0)} ms, again ${warm.toFixed(0)} ms; scrolling ${scrolled.frames} frames, ` +
        `median ${scrolled.median.toFixed(1)} ms, 95% ${scrolled.p95.toFixed(1)} ms, ${scrolled.late} late, ` +
        `longest task ${scrolled.longestTask.toFixed(0)} ms; jump to the end ${jump.toFixed(0)} ms; ` +
        `page ${before.toFixed(1)} → ${held.toFixed(1)} MB`,
    );
    expect(cold).toBeLessThan(3000);
    expect(scrolled.mostRows).toBeLessThanOrEqual(MAX_ROWS);
    expect(scrolled.median).toBeLessThan(25);
    expect(scrolled.p95).toBeLessThan(100);
    expect(jump).toBeLessThan(3000);
    expect(held).toBeLessThan(60);
  },
  120_000,
);

/** What the node takes to answer, over its web host. */
async function latencies<C extends CommandName>(
  what: string,
  command: C,
  inputs: readonly Parameters<typeof callNode<C>>[2][],
): Promise<number> {
  const taken: number[] = [];
  for (const input of inputs) taken.push((await timed(() => callNode(page, command, input)))[0]);
  const p95 = quantile(taken, 0.95);
  report.push(
    `${what}: first ${taken[0]?.toFixed(0)} ms, median ${quantile(taken, 0.5).toFixed(0)} ms, 95% ${p95.toFixed(0)} ms`,
  );
  return p95;
}

const numbers = Array.from({ length: QUERIES }, (_, index) => (index * 7919) % ROWS);

test('the memory is searched by text and by meaning', async () => {
  const text = await latencies(
    'search by text',
    'bank.search',
    numbers.map((n) => ({ text: `lemma${n % 211} List.reverse`, mode: 'text' as const, limit: 50 })),
  );
  const name = await latencies(
    'search by name',
    'bank.search',
    numbers.map((n) => ({ text: variant(n).name, mode: 'text' as const, limit: 50 })),
  );
  const meaning = await latencies(
    'search by meaning',
    'bank.search',
    numbers.map((n) => ({
      text: `${variant(2_000_000 + n).formal} := by sorry`,
      mode: 'meaning' as const,
      limit: 50,
    })),
  );
  const pages = await latencies(
    'a page of 100',
    'bank.list',
    numbers.map((offset) => ({ offset, limit: 100 })),
  );
  expect(Math.max(text, name, meaning, pages)).toBeLessThan(2000);

  await visit(page, 'memory');
  const wanted = variant(31_415).name;
  for (const mode of ['Text', 'Meaning']) {
    await page.getByRole('radio', { name: mode }).check({ force: true });
    const query = mode === 'Text' ? wanted : `${variant(31_415).formal} := by sorry`;
    const [shown] = await timed(async () => {
      await page.getByRole('searchbox').fill(query);
      const hits = page.getByRole('list', { name: 'Hits, best first' });
      await hits.getByText(wanted, { exact: true }).waitFor();
    });
    await page.getByRole('searchbox').fill('');
    report.push(`${mode}: typed to shown ${shown.toFixed(0)} ms`);
    expect(shown).toBeLessThan(3000);
  }
}, 120_000);

test('the board is filtered and counted', async () => {
  const list = await latencies(
    'the board by words',
    'statements.list',
    numbers.map((n) => ({ query: `lemma${n % 211} nobody`, offset: 0, limit: 100 })),
  );
  const status = await latencies('the open ones by name', 'statements.list', [
    { status: ['open' as const], sort: 'name' as const, offset: 0, limit: 100 },
  ]);
  const facets = await latencies('facets', 'statements.facets', [{}, {}, {}]);
  expect(Math.max(list, status, facets)).toBeLessThan(3000);
}, 120_000);
