import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { PROJECT } from '../../support/paths.ts';

export const ARTEFACTS = path.join(PROJECT, 'test/e2e/.artefacts');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const SCREENS = [
  'home',
  'prove',
  'statements',
  'memory',
  'network',
  'contributions',
  'models',
  'settings/donation',
  'settings/proving',
  'settings/network',
  'settings/lean',
  'settings/storage',
  'settings/appearance',
  'settings/notifications',
] as const;

/** Goes to a screen and waits until nothing on it is still being read. */
export async function visit(page: Page, screen: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${screen}'`);
  // The screen before has a heading, too.
  const [first = ''] = screen.split('/');
  await page.locator(`nav a[aria-current=page][href="#/${first}"]`).waitFor({ state: 'attached' });
  await page.evaluate('new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))');
  await page.locator('main h1').waitFor();
  await page.locator('main [role=status] .spinner').first().waitFor({ state: 'detached' });
}

/** What axe finds wrong, a line each. */
export async function violations(page: Page): Promise<string[]> {
  // Without this every look takes a page of its own for frames of other origins, of which there are none.
  const result = await new AxeBuilder({ page }).setLegacyMode().withTags(TAGS).analyze();
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
  );
}

/** By how many pixels the page is wider than the window. */
export async function overflow(page: Page): Promise<number> {
  const width: unknown = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  return Number(width);
}

export async function capture(page: Page, name: string): Promise<void> {
  await mkdir(ARTEFACTS, { recursive: true });
  await page.screenshot({
    path: path.join(ARTEFACTS, `${name.replaceAll('/', '-')}.png`),
    animations: 'disabled',
  });
}
