const KEPT = 'proofswarm.key';
let taken: string | undefined;

/**
 * What the web host asks for besides its cookie. It came with the address, after the #, and is kept where only pages of this
 * host and port can read it, for the browser's other windows and for a reload.
 */
export function pageKey(): string {
  const given = /^#key=([\w-]{20,100})$/.exec(window.location.hash)?.[1];
  if (given !== undefined) {
    taken = given;
    keep(given);
    window.history.replaceState(undefined, '', window.location.pathname);
  }
  taken ??= kept();
  return taken ?? '';
}

/** What another page of this browser may have been given since: a node that is started anew has a key of its own. */
export const newestKey = (): string => kept() ?? pageKey();

function keep(key: string): void {
  try {
    localStorage.setItem(KEPT, key);
  } catch {
    // A browser that keeps nothing: the key lasts as long as this page.
  }
}

function kept(): string | undefined {
  try {
    return localStorage.getItem(KEPT) ?? undefined;
  } catch {
    return undefined;
  }
}
