import { nativeImage, type BrowserWindow, type NativeImage } from 'electron';
import { CARD_SIZE } from '../../core/api/index.ts';
import type { ContentId } from '../../core/record/index.ts';
import { CHANNELS } from '../ipc/channels.ts';

/** A notification is not held back for longer. */
const LIMIT_MS = 3000;
const PNG_HEAD = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');

/** Cards of theorems for notifications. Only a page can draw: where none is open, there are none. */
export class ProofCards {
  readonly #window: () => BrowserWindow | undefined;
  readonly #waiting = new Map<ContentId, (card: NativeImage | undefined) => void>();

  constructor({ window }: { readonly window: () => BrowserWindow | undefined }) {
    this.#window = window;
  }

  /** Undefined where no page draws it in time, or what it has drawn is no card. */
  async draw(proof: ContentId): Promise<NativeImage | undefined> {
    const window = this.#window();
    if (window === undefined || window.isDestroyed()) return undefined;
    const { promise, resolve } = Promise.withResolvers<NativeImage | undefined>();
    const late = setTimeout(() => resolve(undefined), LIMIT_MS);
    this.#waiting.set(proof, resolve);
    window.webContents.send(CHANNELS.cardWanted, proof);
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.#waiting.delete(proof);
    }
  }

  /** @param card a `data:` URL; nothing is done with one that nobody waits for */
  give(proof: ContentId, card: string): void {
    const resolve = this.#waiting.get(proof);
    if (resolve === undefined) return;
    const png = Buffer.from(card.slice(card.indexOf(',') + 1), 'base64');
    const image = isOfCardSize(png) ? nativeImage.createFromBuffer(png) : undefined;
    resolve(image?.isEmpty() === false ? image : undefined);
  }
}

/** Looked at before it is decoded: a few bytes of PNG can be an image that fills the memory. */
function isOfCardSize(png: Buffer): boolean {
  if (png.length < PNG_HEAD.length + 8 || !png.subarray(0, PNG_HEAD.length).equals(PNG_HEAD)) return false;
  const [width, height] = [png.readUInt32BE(PNG_HEAD.length), png.readUInt32BE(PNG_HEAD.length + 4)];
  return width === CARD_SIZE.width && height === CARD_SIZE.height;
}
