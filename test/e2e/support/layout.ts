import type { Page } from 'playwright-core';

/**
 * What is wrong with where things are on a page, a line each: text or controls beyond the window's edge, text that its own box
 * hides without an ellipsis, text that lies on other text.
 */
export const layoutFaults = (page: Page): Promise<string[]> => page.evaluate<string[]>(`(${FAULTS})()`);

/**
 * Makes every word that is shown some 40 % longer, as German would; what Lean reads stays as it is. Returns how many texts there
 * were. `restoreTexts` takes it back, so that React finds what it has left.
 */
export const lengthenTexts = (page: Page): Promise<number> => page.evaluate<number>(`(${LENGTHEN})()`);

export const restoreTexts = (page: Page): Promise<void> =>
  page.evaluate<undefined>(`(async () => {
    for (const [node, text] of window.lengthened) node.data = text;
    await (${SHOWN})();
  })()`);

/** Rows that are measured follow what is in them a frame later. */
const SHOWN = '() => new Promise((shown) => requestAnimationFrame(() => requestAnimationFrame(shown)))';

const LENGTHEN = `async () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const skipped = 'code, pre, kbd, svg, textarea, script, .cm-editor, .lean, .visually-hidden';
  window.lengthened = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(skipped) !== null) continue;
    const longer = node.data.replace(/\\p{L}{3,}/gu, (word) =>
      word + word.slice(0, Math.ceil(word.length * 0.4)).toLowerCase());
    if (longer === node.data) continue;
    window.lengthened.push([node, node.data]);
    node.data = longer;
  }
  await (${SHOWN})();
  return window.lengthened.length;
}`;

const FAULTS = `() => {
  const TOLERANCE = 2;
  const faults = [];
  const nameOf = (element) => {
    const text = (element.textContent || element.getAttribute('aria-label') || '').trim().replace(/\\s+/g, ' ');
    return element.tagName.toLowerCase() + '.' + element.className + ' "' + text.slice(0, 60) + '"';
  };
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) {
    faults.push('the page scrolls sideways by ' + (page.scrollWidth - page.clientWidth));
  }
  const hidden = (element) =>
    element.closest('.visually-hidden, .skip-link, svg, canvas, .cm-editor, option, [hidden]') !== null ||
    !element.checkVisibility({ opacityProperty: false, visibilityProperty: true });
  const scrolls = (value) => value === 'auto' || value === 'scroll';

  // What of a box can be seen, scrolled out of sight or not: undefined where nothing.
  const seen = (element, rect) => {
    let { left, right, top, bottom } = rect;
    for (let box = element; box !== null && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      const clip = box.getBoundingClientRect();
      left = Math.max(left, clip.left); right = Math.min(right, clip.right);
      top = Math.max(top, clip.top); bottom = Math.min(bottom, clip.bottom);
    }
    return right - left > TOLERANCE && bottom - top > TOLERANCE ? { left, right, top, bottom } : undefined;
  };

  const texts = [];
  // Beneath a dialog nothing can be used, and need not be read.
  const root = document.querySelector('dialog[open]') ?? document.body;
  for (const element of root.querySelectorAll('*')) {
    if (hidden(element)) continue;
    const style = getComputedStyle(element);
    const rect = element.getBoundingClientRect();
    if (rect.width === 0 || rect.height === 0) continue;

    // Text that its own box hides.
    const hides = (value) => value === 'hidden' || value === 'clip';
    if (element.textContent.trim() !== '') {
      if (hides(style.overflowX) && style.textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + TOLERANCE) {
        faults.push('cut off at its side: ' + nameOf(element));
      }
      if (hides(style.overflowY) && !scrolls(style.overflowY) && element.scrollHeight > element.clientHeight + TOLERANCE) {
        faults.push('cut off below, by ' + (element.scrollHeight - element.clientHeight) + ': ' + nameOf(element));
      }
    }

    const control = element.matches('button, a, input, select, textarea, summary');
    const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
    if (!control && own.length === 0) continue;
    const inScroller = (() => {
      for (let box = element.parentElement; box !== null; box = box.parentElement) {
        if (scrolls(getComputedStyle(box).overflowX)) return true;
      }
      return scrolls(style.overflowX);
    })();
    const visible = seen(element, rect);
    if (visible !== undefined && !inScroller && (visible.right > page.clientWidth + 1 || visible.left < -1)) {
      faults.push('beyond the edge: ' + nameOf(element));
    }
    // Text that is wider than the box it is in, as long words are.
    if (style.overflowX === 'visible' && style.display !== 'inline' && element.scrollWidth > element.clientWidth + TOLERANCE) {
      faults.push('wider than its box: ' + nameOf(element));
    }
    const floats = element.closest('.toasts, .topbar, .offline-bar') !== null;
    for (const node of floats ? [] : own) {
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) {
        const box = seen(element, line);
        if (box !== undefined) texts.push({ ...box, element });
      }
    }
    if (control && own.length === 0 && !floats && !element.matches('a, .segments input')) {
      const box = seen(element, rect);
      if (box !== undefined) texts.push({ ...box, element });
    }
  }
  for (const [index, a] of texts.entries()) {
    for (const b of texts.slice(index + 1)) {
      if (a.element === b.element || a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // Line boxes of neighbouring lines may touch; letters do not fill them.
      if (wide > TOLERANCE && high > 5) faults.push(nameOf(a.element) + ' lies on ' + nameOf(b.element));
    }
  }
  return [...new Set(faults)];
}`;

/**
 * Goes through a screen with Tab. Faults are what has the focus and does not show it, what is focused out of sight or beneath
 * something else, and what Tab does not come to.
 *
 * @param most stops, where a list goes on for long
 */
export async function focusFaults(page: Page, most: number): Promise<string[]> {
  await page.evaluate(
    `document.activeElement.blur(); scrollTo(0, 0); document.querySelectorAll('[data-reached]').forEach((element) => {
      delete element.dataset.reached;
    })`,
  );
  const faults: string[] = [];
  let around = false;
  for (let stops = 0; stops < most; stops++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate<Stop>(`(${STOP})()`);
    // The keyboard starts where it was last: once past the end, it goes through what comes before.
    if (stop.kind === 'outside' && !around) {
      around = true;
      continue;
    }
    if (stop.kind === 'outside' || stop.kind === 'again') {
      const missed = await page.evaluate<string[]>(`(${MISSED})()`);
      return [...faults, ...missed.map((name) => `not reached by Tab: ${name}`)];
    }
    if (stop.kind === 'editor') await page.keyboard.press('Escape');
    if (stop.kind === 'fault') faults.push(stop.fault);
  }
  return faults;
}

type Stop =
  | { readonly kind: 'outside' | 'again' | 'fine' | 'editor' }
  | { readonly kind: 'fault'; readonly fault: string };

const NAME = `(element) => element.tagName.toLowerCase() + '.' + element.className + ' "' +
  (element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 50) + '"'`;

const STOP = `() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return { kind: 'outside' };
  if (element.dataset.reached === 'yes') return { kind: 'again' };
  element.dataset.reached = 'yes';
  const fault = (text) => ({ kind: 'fault', fault: text + ': ' + (${NAME})(element) });
  if (element.shadowRoot !== null) {
    const ring = getComputedStyle(element, '::after').boxShadow;
    return ring.includes('inset') ? { kind: 'editor' } : fault('does not show the focus');
  }
  const boxes = [element, element.closest('label, .editor') ?? element];
  const looks = () => boxes.map((box) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(box);
    return (outlineStyle === 'none' ? 'no' : outlineWidth) + ' ' + boxShadow;
  }).join();
  const focused = looks();
  element.blur();
  const plain = looks();
  element.focus({ preventScroll: true });
  if (focused === plain) return fault('does not show the focus');
  const { left, right, top, bottom } = element.getBoundingClientRect();
  if (right <= 0 || left >= innerWidth || bottom <= 0 || top >= innerHeight) return fault('focused out of sight');
  const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
  const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
  const over = document.elementFromPoint(x, y);
  const itself = over === null || element.contains(over) || over.contains(element);
  return itself ? { kind: 'fine' } : fault('focused under ' + (${NAME})(over));
}`;

const MISSED = `() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter((element) => !element.matches(':disabled, [tabindex="-1"], [type=radio]:not(:checked), [hidden]'))
  .filter((element) => element.type !== 'file' && element.dataset.reached !== 'yes' && element.checkVisibility())
  .map(${NAME})`;
