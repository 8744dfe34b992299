import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CARD_SIZE } from '../../core/api/index.ts';
import { contentIdSchema } from '../../core/record/index.ts';
import { cardArgumentsSchema } from '../../electron/ipc/page-requests.ts';
import { ProofCards } from '../../electron/main/proof-cards.ts';

vi.mock('electron', () => import('./substitute/electron.ts'));

const PROOF = contentIdSchema.parse(`bafyrei${'a'.repeat(52)}`);
const OTHER = contentIdSchema.parse(`bafyrei${'b'.repeat(52)}`);

/** As far as it is looked at before it is decoded. */
function png(width: number = CARD_SIZE.width, height: number = CARD_SIZE.height): Buffer {
  const bytes = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR________\x08\x06\0\0\0', 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}
const urlOf = (bytes: Buffer): string => `data:image/png;base64,${bytes.toString('base64')}`;

/** A page that was asked for cards, as far as the class sees it. */
function scene() {
  const asked: unknown[][] = [];
  const window = {
    isDestroyed: () => false,
    webContents: { send: (...args: unknown[]) => void asked.push(args) },
  } as unknown as BrowserWindow;
  return { asked, cards: new ProofCards({ window: () => window }) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the page is asked for the card of the proof, and gives it', async () => {
  const { asked, cards } = scene();
  const card = cards.draw(PROOF);
  expect(asked).toEqual([['proofswarm:card-wanted', PROOF]]);
  cards.give(OTHER, urlOf(png()));
  cards.give(PROOF, urlOf(png()));
  expect(await card).toMatchObject({ png: png() });
});

test('there is none where no page is open, or none answers', async () => {
  expect(await new ProofCards({ window: () => undefined }).draw(PROOF)).toBeUndefined();
  const { cards } = scene();
  const card = cards.draw(PROOF);
  await vi.advanceTimersByTimeAsync(3000);
  expect(await card).toBeUndefined();
  // Nobody waits any more.
  cards.give(PROOF, urlOf(png()));
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ['an image of another size', png(CARD_SIZE.width * 100, CARD_SIZE.height * 100)],
  ['no image', Buffer.from('<svg>')],
  ['nothing', Buffer.alloc(0)],
  ['an image cut short', png().subarray(0, 20)],
])('%s is not decoded', async (_what, bytes) => {
  const { cards } = scene();
  const card = cards.draw(PROOF);
  cards.give(PROOF, urlOf(bytes));
  expect(await card).toBeUndefined();
});

test.each([
  [[PROOF, urlOf(png())], true],
  [[PROOF, 'https://example.com/card.png'], false],
  [[PROOF, 'file:///etc/passwd'], false],
  [['../x', urlOf(png())], false],
  [[PROOF, `data:image/png;base64,${'A'.repeat(CARD_SIZE.characters)}`], false],
  [[PROOF, urlOf(png()), 'more'], false],
])('what the page may send as a card, number %#', (args, admitted) => {
  expect(cardArgumentsSchema.safeParse(args).success).toBe(admitted);
});
