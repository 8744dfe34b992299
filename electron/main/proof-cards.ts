import { nativeImage, type NativeImage } from 'electron';
import { CARD_SIZE, type CardWanted, type ProofView } from '../../core/api/index.ts';
import type { ContentId } from '../../core/record/index.ts';

export interface ProofCardsComponents {
  /** Undefined while there is no node to ask. */
  readonly read: (proof: ContentId, signal: AbortSignal) => Promise<ProofView | undefined>;
  readonly theme: () => CardWanted['theme'];
  /** Draws a card as a `data:` URL. */
  readonly paint: (wanted: CardWanted, signal: AbortSignal) => Promise<string>;
}

/** A notification is not held back for longer: this machine may be proving on every core. */
const LIMIT_MS = 10_000;
const PNG_HEAD = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');

/** Cards of theorems for notifications, drawn one at a time. */
export class ProofCards {
  readonly #components: ProofCardsComponents;
  readonly #stopped = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  constructor(components: ProofCardsComponents) {
    this.#components = components;
  }

  /** Undefined where it is not drawn in time, or what was drawn is no card: the notification goes out without one. */
  draw(proof: ContentId): Promise<NativeImage | undefined> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error('the card was not drawn in time')), LIMIT_MS);
    const signal = AbortSignal.any([late.signal, this.#stopped.signal]);
    const drawn = this.#last
      .then(() => this.#draw(proof, signal))
      .catch(() => undefined)
      .finally(() => clearTimeout(timer));
    this.#last = drawn;
    return drawn;
  }

  /** Ends what is under way. */
  stop(): void {
    this.#stopped.abort(new Error('the app is closing'));
  }

  async #draw(proof: ContentId, signal: AbortSignal): Promise<NativeImage | undefined> {
    signal.throwIfAborted();
    const { read, theme, paint } = this.#components;
    const whole = await read(proof, signal);
    if (whole === undefined) return undefined;
    const { row, statement, checker } = whole;
    const { width, height } = CARD_SIZE;
    const view = { row, statement, checker };
    const card = await paint({ proof, theme: theme(), view, width, height }, signal);
    const png = Buffer.from(card.slice(card.indexOf(',') + 1), 'base64');
    const image = isOfCardSize(png) ? nativeImage.createFromBuffer(png) : undefined;
    return image?.isEmpty() === false ? image : undefined;
  }
}

/** Looked at before it is decoded: a few bytes of PNG can be an image that fills the memory. */
function isOfCardSize(png: Buffer): boolean {
  if (png.length < PNG_HEAD.length + 8 || !png.subarray(0, PNG_HEAD.length).equals(PNG_HEAD)) return false;
  const [width, height] = [png.readUInt32BE(PNG_HEAD.length), png.readUInt32BE(PNG_HEAD.length + 4)];
  return width === CARD_SIZE.width && height === CARD_SIZE.height;
}
