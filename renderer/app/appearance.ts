import type { Settings } from '../../core/api/index.ts';

type Appearance = Settings['appearance'];

const REMEMBERED = 'proofswarm.appearance';
const dark = matchMedia('(prefers-color-scheme: dark)');
const calm = matchMedia('(prefers-reduced-motion: reduce)');
let chosen: Pick<Appearance, 'theme' | 'motion'> = remembered();

/** Also before the node has said what was chosen: what it was last time, so that no page flashes. */
export function watchScheme(): void {
  apply();
  dark.addEventListener('change', apply);
  calm.addEventListener('change', apply);
}

export function setAppearance({ theme, motion }: Appearance): void {
  chosen = { theme, motion };
  try {
    localStorage.setItem(REMEMBERED, `${theme} ${motion}`);
  } catch {
    // A browser that keeps nothing: the page may flash once.
  }
  apply();
}

function apply(): void {
  const isDark = chosen.theme === 'system' ? dark.matches : chosen.theme === 'dark';
  const isCalm = chosen.motion === 'system' ? calm.matches : chosen.motion === 'reduced';
  const { dataset } = document.documentElement;
  dataset['theme'] = isDark ? 'dark' : 'light';
  dataset['motion'] = isCalm ? 'reduced' : 'full';
}

function remembered(): Pick<Appearance, 'theme' | 'motion'> {
  let text = '';
  try {
    text = localStorage.getItem(REMEMBERED) ?? '';
  } catch {
    // As above.
  }
  const [theme, motion] = text.split(' ');
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    motion: motion === 'reduced' || motion === 'full' ? motion : 'system',
  };
}
