import type { ContentId } from '../../core/record/index.ts';

/** The scheme of the app's own pages, in place of `file://`. */
export const SCHEME = 'app';
export const HOST = 'proofswarm';
export const ORIGIN = `${SCHEME}://${HOST}`;
/** The page that draws cards for notifications. */
export const CARD_PAGE = `${ORIGIN}/card.html`;

/** What the system can ask the page to show. */
export interface Place {
  readonly screen: 'statements' | 'memory';
  readonly id?: ContentId;
}

/** Screens are told apart behind `#`, so that opening one does not load the page anew. */
export function pageAddress(place?: Place): string {
  if (place === undefined) return `${ORIGIN}/`;
  const { screen, id } = place;
  return id === undefined ? `${ORIGIN}/#/${screen}` : `${ORIGIN}/#/${screen}/${id}`;
}

/** Whether an address is of the app's own pages: the parser decides, not the text's beginning. */
export function isOwnAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === `${SCHEME}:` && host === HOST && username === '' && password === '';
}
