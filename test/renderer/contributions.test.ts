import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ComputeLog } from '../../core/node/contributors/index.ts';
import { openNode, type OpenNode } from '../../core/node/service/index.ts';
import { localDay } from '../../core/node/local-day.ts';
import { WebHost } from '../../core/node/web/index.ts';
import { createIdentity, signProfile, type Identity } from '../../core/record/index.ts';
import { layoutFaults, lengthenTexts, restoreTexts } from '../e2e/support/layout.ts';
import { buildRenderer } from '../e2e/support/renderer-build.ts';
import { capture, violations, visit } from '../e2e/support/screens.ts';
import { numbered, prove } from '../memory/proofs.ts';
import { launchChromium } from '../support/chromium.ts';
import { TEST_CACHE } from '../support/paths.ts';

const DAY = 86_400_000;
const PEOPLE = ['Ada Lovelace', 'Sophie Germain', '李善兰', 'محمد الخوارزمي', undefined, 'Emmy Noether'];
const TEAMS = [
  'Analytical Engines',
  'analytical engines',
  'Number Theory Club',
  undefined,
  undefined,
  'x'.repeat(40),
];

let data: string;
let node: OpenNode;
let host: WebHost;
let browser: Browser;
let page: Page;
let next = 0;

function proved(finder: Identity, createdAt: number): void {
  const { signed, proof } = prove(numbered(next++), { finder, createdAt });
  node.service.added(signed, proof.statement, 'imported');
}

/** What this machine has worked in the last weeks; less on Sundays. */
function work(): void {
  const log = node.parts.contributors.compute.log as ComputeLog;
  for (let n = 0; n < 40; n++) {
    const at = Date.now() - n * DAY;
    const share = new Date(at).getDay() === 0 ? 0.2 : 1;
    log.add('gpu', localDay(at), share * (30_000 - 500 * n) * 1000);
    log.add('cpu', localDay(at), 600_000);
    log.add('lean', localDay(at), share * (9000 + 100 * n) * 1000);
  }
}

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'proofswarm-contributions-'));
  const settings = { version: 1, welcomed: true, agreement: { licence: 'Apache-2.0', at: 1 } };
  await writeFile(path.join(data, 'settings.json'), JSON.stringify(settings));
  const files = await buildRenderer();
  node = await openNode({ locations: { data, cache: TEST_CACHE } });
  host = await WebHost.listen({ service: node.service }, { port: 0, files });
  browser = await launchChromium();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.goto(host.invitation());
}, 180_000);

afterAll(async () => {
  await browser.close();
  await host.close();
  await node[Symbol.asyncDispose]();
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
});

test('where nothing has been done, each part says so', async () => {
  await visit(page, 'contributions');
  await page.getByText('No hours yet').waitFor();
  await page.getByText('Nobody has proved anything yet').waitFor();
  await page.getByText('Others are told nothing until you save.').waitFor();
  await page.getByRole('radio', { name: 'Teams' }).check();
  await page.getByText('No teams yet').waitFor();
  expect(await layoutFaults(page)).toEqual([]);
  await page.getByRole('radio', { name: 'People' }).check();
});

describe('with others at work', () => {
  beforeAll(async () => {
    work();
    for (const [n, name] of PEOPLE.entries()) {
      const identity = createIdentity(new Uint8Array(32).fill(50 + n));
      for (let each = 0; each < 9 - n; each++) proved(identity, Date.now() - (n + each) * DAY);
      const team = TEAMS[n];
      const profile = {
        peer: identity.peer,
        ...(name === undefined ? {} : { name }),
        ...(team === undefined ? {} : { team }),
        ...(n % 3 === 2 ? {} : { donated: { gpuSeconds: 4e6 / (n + 1), cpuSeconds: 1e6 * n } }),
        createdAt: Date.now(),
      };
      node.parts.contributors.book.take(signProfile(profile, identity));
    }
    for (let each = 0; each < 30; each++) proved(node.parts.identity, Date.now() - each * each * DAY * 0.3);
    await page.locator('.hours').waitFor();
  });

  test('hours stand beside proofs, measured and by day', async () => {
    const tile = page.locator('.tile', { hasText: 'GPU hours' });
    expect(await tile.innerText()).toMatch(/GPU hours\s+\d+\s+a model at work on a card/);
    const chart = page.getByRole('img', { name: /GPU hours and .* CPU hours in the last 30 days/ });
    expect(await chart.locator('.hours-day').count()).toBe(30);
    const today = chart.locator('.hours-day').last();
    expect(await today.getAttribute('title')).toContain(localDay(Date.now()));
  });

  test('name and team are chosen by keyboard, and stand beside the peer id', async () => {
    const form = page.getByRole('region', { name: 'How others see you' });
    const save = form.getByRole('button', { name: 'Save' });
    expect(await save.isDisabled()).toBe(true);
    await form.getByLabel('Name').fill('a\u202Eb');
    await page.keyboard.press('Enter');
    await form
      .getByRole('alert')
      .getByText(/The name cannot be used: .*U\+202E/)
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await form.getByLabel('Name').fill(' Grace Hopper ');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ANALYTICAL ENGINES');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await form.getByText('Others are told when the network is on.').waitFor();
    expect(await form.getByLabel('Name').inputValue()).toBe('Grace Hopper');
    const row = page.getByRole('list', { name: 'People' }).getByRole('listitem', { name: '' }).first();
    await row.getByText('Grace Hopper').waitFor();
    expect(await row.innerText()).toMatch(/Grace Hopper\s*You\s*12D3Ko….{6}\s*30 proofs/);
  });

  test(
    'people and teams have their boards, in every window, light and dark',
    { timeout: 60_000 },
    async () => {
      const board = page.getByRole('region', { name: 'Leaderboard' });
      const show = async (name: 'People' | 'Teams') => {
        await board.getByRole('radio', { name }).check();
        await board.getByRole('list', { name }).waitFor();
      };
      for (const size of [
        { width: 1280, height: 900 },
        { width: 390, height: 844 },
      ]) {
        await page.setViewportSize(size);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          for (const name of ['People', 'Teams'] as const) {
            await show(name);
            await board.scrollIntoViewIfNeeded();
            await capture(page, `contributions-${name.toLowerCase()}-${size.width}-${colorScheme}`);
          }
          if (size.width === 390) expect(await violations(page)).toEqual([]);
        }
      }
      await page.setViewportSize({ width: 360, height: 740 });
      for (const name of ['People', 'Teams'] as const) {
        await show(name);
        expect(await layoutFaults(page)).toEqual([]);
        expect(await lengthenTexts(page)).toBeGreaterThan(20);
        expect(await layoutFaults(page)).toEqual([]);
        await restoreTexts(page);
      }
      const teams = await board.getByRole('listitem').allInnerTexts();
      expect(teams[0]).toMatch(/1\s+Analytical Engines\s+Yours\s+47 proofs\s+3 members/i);
    },
  );
});
