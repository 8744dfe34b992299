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
  await page.locator('main h1').waitFor();
  await page.locator('main [role=status] .spinner').first().waitFor({ state: 'detached' });
}

/** What axe finds wrong, a line each. */
export async function violations(page: Page): Promise<string[]> {
  const result = await new AxeBuilder({ page }).withTags(TAGS).analyze();
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

/** What of the screen's text is hidden by its own box, and does not say so with an ellipsis. */
export async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('main *, nav *')]
    .filter((element) => {
      const style = getComputedStyle(element);
      const hides = style.overflowX === 'hidden' || style.overflowX === 'clip';
      const hidden = element.closest('.visually-hidden, svg, canvas') !== null || element.clientWidth <= 1;
      const wide = element.scrollWidth > element.clientWidth + 1;
      return !hidden && hides && wide && style.textOverflow !== 'ellipsis' && element.textContent.trim() !== '';
    })
    .map((element) => element.className + ': ' + element.textContent.trim().slice(0, 80))`);
}

export async function capture(page: Page, name: string): Promise<void> {
  await mkdir(ARTEFACTS, { recursive: true });
  await page.screenshot({
    path: path.join(ARTEFACTS, `${name.replaceAll('/', '-')}.png`),
    animations: 'disabled',
  });
}
