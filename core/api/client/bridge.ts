import type { ContentId } from '../../record/index.ts';
import type { ProofView } from '../areas/bank.ts';

/** Of a card as notifications show it: in pixels, and as a `data:` URL in characters. */
export const CARD_SIZE = { width: 600, height: 315, characters: 1_500_000 } as const;

/**
 * What the desktop app's preload puts on `window.proofswarm`. Only data crosses: an AbortSignal cannot, so calls have an id
 * by which they are cancelled. Both sides parse what they get.
 */
export interface DesktopBridge {
  readonly version: 1;
  /**
   * Resolves to a `CallReply`; never rejects for what the node would not do.
   * @param id the caller's own, unused so far
   */
  call(id: string, command: string, input: unknown): Promise<unknown>;
  cancel(id: string): void;
  /**
   * Calls back with each `TransportMessage`: a snapshot first, `disconnected` when the node's process ends, a snapshot
   * again once it is back. Returns its undo.
   */
  subscribe(listener: (message: unknown) => void): () => void;
  /** The system's own dialogs; absent where the desktop has none. */
  readonly desktop?: {
    /** A file or directory that the user picked; undefined where they cancelled. */
    pickPath(
      kind: 'open-file' | 'open-directory' | 'save-file',
      suggested?: string,
    ): Promise<string | undefined>;
  };
}

/** A card that a notification is to show. */
export interface CardWanted {
  readonly proof: ContentId;
  readonly theme: 'light' | 'dark';
  /** What the card says. */
  readonly view: Pick<ProofView, 'row' | 'statement' | 'checker'>;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * What the preload puts on `window.proofswarmCards`, in the page that draws cards for notifications: all that this page
 * can do is to draw what it is given.
 */
export interface CardBridge {
  onWanted(draw: (wanted: CardWanted) => void): void;
  /** @param card a PNG image of the wanted size, as a `data:` URL */
  give(proof: ContentId, card: string): void;
}
