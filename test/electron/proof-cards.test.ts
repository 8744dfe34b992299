import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CARD_SIZE, type CardWanted, type ProofView } from '../../core/api/index.ts';
import { contentIdSchema, type ContentId } from '../../core/record/index.ts';
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

interface Painting {
  readonly wanted: CardWanted;
  readonly signal: AbortSignal;
  readonly done: (card: string) => void;
}

/** A painter that paints when the test says so. */
function scene(read: (proof: ContentId) => Promise<ProofView | undefined> = viewOf) {
  const paintings: Painting[] = [];
  const cards = new ProofCards({
    read,
    theme: () => 'dark',
    paint: (wanted, signal) =>
      new Promise((done, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason as Error));
        paintings.push({ wanted, signal, done });
      }),
  });
  return { paintings, cards };
}

/** What a card needs of a proof is passed on as it is. */
const viewOf = (proof: ContentId): Promise<ProofView> =>
  Promise.resolve({ row: { id: proof }, statement: {}, checker: {}, submission: 'kept' } as ProofView);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a card is painted of what the node says of the proof, and of no more than it needs', async () => {
  const { paintings, cards } = scene();
  const card = cards.draw(PROOF);
  await vi.waitFor(() => expect(paintings).toHaveLength(1));
  const { width, height } = CARD_SIZE;
  const view = { row: { id: PROOF }, statement: {}, checker: {} };
  expect(paintings[0]?.wanted).toEqual({ proof: PROOF, theme: 'dark', view, width, height });
  paintings[0]?.done(urlOf(png()));
  expect(await card).toMatchObject({ png: png() });
  expect(vi.getTimerCount()).toBe(0);
});

test('they are painted one at a time, each as soon as the one before is done', async () => {
  const { paintings, cards } = scene();
  const both = [cards.draw(PROOF), cards.draw(OTHER)];
  await vi.waitFor(() => expect(paintings).toHaveLength(1));
  await vi.advanceTimersByTimeAsync(1000);
  expect(paintings).toHaveLength(1);
  paintings[0]?.done(urlOf(png()));
  await vi.waitFor(() => expect(paintings.map(({ wanted }) => wanted.proof)).toEqual([PROOF, OTHER]));
  paintings[1]?.done(urlOf(png()));
  for (const card of both) expect(await card).toBeDefined();
});

test('a card that takes too long is given up, and so is one that has waited for it for as long', async () => {
  const { paintings, cards } = scene();
  const both = [cards.draw(PROOF), cards.draw(OTHER)];
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await Promise.all(both)).toEqual([undefined, undefined]);
  expect(paintings.map(({ signal }) => signal.aborted)).not.toContain(false);
  const next = cards.draw(OTHER);
  await vi.waitFor(() => expect(paintings.at(-1)?.signal.aborted).toBe(false));
  paintings.at(-1)?.done(urlOf(png()));
  expect(await next).toBeDefined();
});

test.each([
  ['there is no node', () => Promise.resolve(undefined)],
  ['the node does not know the proof', () => Promise.reject(new Error('not found'))],
])('nothing is painted where %s', async (_where, read) => {
  const { paintings, cards } = scene(read);
  expect(await cards.draw(PROOF)).toBeUndefined();
  expect(paintings).toEqual([]);
});

test('an app that closes waits for none', async () => {
  const { paintings, cards } = scene();
  const card = cards.draw(PROOF);
  await vi.waitFor(() => expect(paintings).toHaveLength(1));
  cards.stop();
  expect(await card).toBeUndefined();
  expect(await cards.draw(OTHER)).toBeUndefined();
  expect(paintings).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ['an image of another size', png(CARD_SIZE.width * 100, CARD_SIZE.height * 100)],
  ['no image', Buffer.from('<svg>')],
  ['nothing', Buffer.alloc(0)],
  ['an image cut short', png().subarray(0, 20)],
])('%s is not decoded', async (_what, bytes) => {
  const { paintings, cards } = scene();
  const card = cards.draw(PROOF);
  await vi.waitFor(() => expect(paintings).toHaveLength(1));
  paintings[0]?.done(urlOf(bytes));
  expect(await card).toBeUndefined();
});

test.each([
  [[PROOF, urlOf(png())], true],
  [[PROOF, 'https://example.com/card.png'], false],
  [[PROOF, 'file:///etc/passwd'], false],
  [['../x', urlOf(png())], false],
  [[PROOF, `data:image/png;base64,${'A'.repeat(CARD_SIZE.characters)}`], false],
  [[PROOF, urlOf(png()), 'more'], false],
])('what a page may send as a card, number %#', (args, admitted) => {
  expect(cardArgumentsSchema.safeParse(args).success).toBe(admitted);
});
