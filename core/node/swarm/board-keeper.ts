import { Throttle } from '../throttle.ts';

export interface BoardKeeperComponents {
  /** Writes what is on the board when it is called. */
  readonly write: () => Promise<void>;
  readonly onTrouble: (error: unknown) => void;
}

const SAVE_MS = 2000;

/** Has the board written soon after it changed: one write after another, so that the last on disk is the newest. */
export class BoardKeeper {
  readonly #components: BoardKeeperComponents;
  readonly #throttle = new Throttle(SAVE_MS, () => void this.#write().catch(this.#components.onTrouble));
  #changed = false;
  #last: Promise<void> = Promise.resolve();

  constructor(components: BoardKeeperComponents) {
    this.#components = components;
  }

  /** It has changed. */
  soon(): void {
    this.#changed = true;
    this.#throttle.soon();
  }

  /** What is on the board now is on disk when it resolves. */
  now(): Promise<void> {
    this.#changed = true;
    return this.#write();
  }

  /** On disk, as far as the disk lets it. */
  async stop(): Promise<void> {
    this.#throttle.cancel();
    await this.now().catch(this.#components.onTrouble);
  }

  #write(): Promise<void> {
    const written = this.#last.then(async () => {
      if (!this.#changed) return;
      this.#changed = false;
      try {
        await this.#components.write();
      } catch (error) {
        this.#changed = true;
        throw error;
      }
    });
    this.#last = written.catch(() => undefined);
    return written;
  }
}
