import { copyFile, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { PROJECT } from '../support/paths.ts';
import { callNode } from './support/api-call.ts';
import { filledNode, type FilledNode } from './support/filled-node.ts';
import { startNode } from './support/headless-node.ts';
import { layoutFaults } from './support/layout.ts';
import { buildRenderer } from './support/renderer-build.ts';
import { ARTEFACTS, capture, visit } from './support/screens.ts';

/*
 * Pictures of every screen of a node that has really been at work, by hand: `npx vitest run test/e2e/screenshots.test.ts --mode
 * screens`. They are left among the artefacts; those of the README are put where it shows them.
 */
const LEAN_MS = 120_000;
const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
] as const;
const SCHEMES = ['light', 'dark'] as const;
const OF_README = ['home', 'prove', 'memory', 'network'];
const MAX_PICTURE_BYTES = 250_000;

describe('pictures', () => {
  let browser: Browser;
  let filled: FilledNode;
  const started = new AsyncDisposableStack();

  beforeAll(async () => {
    await buildRenderer();
    browser = await launchChromium();
    started.defer(() => browser.close());
  }, 60_000);

  afterAll(() => started.disposeAsync());

  /** In both sizes, light and dark; what stands on the page has been waited for. */
  async function photograph(page: Page, name: string, ready: () => Promise<unknown>): Promise<void> {
    for (const size of SIZES) {
      await page.setViewportSize(size);
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        await ready();
        // Nothing is pointed at.
        await page.mouse.move(size.width - 2, 2);
        const picture = `${name}-${size.width}-${colorScheme}`;
        expect(await layoutFaults(page), picture).toEqual([]);
        await capture(page, picture);
        if (size.width !== 1280 || !OF_README.includes(name)) continue;
        const shown = `${name}${colorScheme === 'dark' ? '-dark' : ''}.png`;
        const file = path.join(PROJECT, 'docs/screens', shown);
        await mkdir(path.dirname(file), { recursive: true });
        await copyFile(path.join(ARTEFACTS, `${picture}.png`), file);
        expect((await stat(file)).size, shown).toBeLessThan(MAX_PICTURE_BYTES);
      }
    }
  }

  test('nodes prove, and tell each other', async () => {
    filled = started.use(await filledNode(browser));
    expect(filled.proof).not.toBe('');
  }, 240_000);

  test('rollouts that are running', async () => {
    const { page, running } = filled;
    await photograph(page, 'prove', async () => {
      const { id } = await running();
      await visit(page, `prove/${id}`);
      await page.getByText('Running', { exact: true }).waitFor();
      await page.locator('button.cell[data-state=failed]').nth(6).click();
      await page.getByText('What Lean said').waitFor();
    });
    // From here on it works for others, too: the last picture is of that.
    await callNode(page, 'donation.control', { action: 'start' });
  }, 240_000);

  test('a proof with its history', async () => {
    const { page, proof } = filled;
    await photograph(page, 'memory', async () => {
      await visit(page, `memory/${proof}`);
      await page.getByText('Where it comes from').waitFor();
      await page.getByText(/on disk/).waitFor();
    });
  });

  test('the peers', async () => {
    const { page } = filled;
    await photograph(page, 'network', async () => {
      await visit(page, 'network');
      await page.locator('.page-head').getByText('2 peers').waitFor();
    });
  });

  test.each(['statements', 'contributions', 'models', 'settings/donation', 'settings/appearance'])(
    'the screen %s',
    async (screen) => {
      await photograph(filled.page, screen, () => visit(filled.page, screen));
    },
  );

  test('the editor', async () => {
    const { page } = filled;
    await page.emulateMedia({ colorScheme: 'light' });
    await visit(page, 'prove');
    await page.locator('.editor .cm-content').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(
      'theorem sum_of_two_odds (m n : Nat) (hm : m % 2 = 1) (hn : n % 2 = 1) :\n    (m + n) % 2 = 0 := by\n  sorry',
    );
    await photograph(page, 'editor', async () => {
      await visit(page, 'prove');
      await page.getByText('This is what is to be proved.').waitFor({ timeout: LEAN_MS });
    });
  });

  test('the welcome', async () => {
    const fresh = started.use(await startNode({}));
    const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
    await page.goto(fresh.invitation);
    const welcome = page.getByRole('heading', { name: 'Prove theorems together' });
    await photograph(page, 'welcome', () => welcome.waitFor());
    await page.getByLabel('Proofs that I publish').check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Prove it' }).click();
    const proved = page.getByText('Proved on this machine');
    await proved.waitFor({ timeout: LEAN_MS });
    await photograph(page, 'first-theorem', () => proved.waitFor());
  });

  test('work that is going on', async () => {
    const { page, running } = filled;
    await photograph(page, 'home', async () => {
      await running();
      await visit(page, 'home');
      await page.getByRole('heading', { name: /^Proving \d+ statement/ }).waitFor({ timeout: LEAN_MS });
    });
  }, 240_000);
});
