import type { PeerId } from '../../record/index.ts';

/** Who sent something, and when, in milliseconds of a clock that never goes back. */
export interface Sending {
  readonly from: PeerId;
  readonly at: number;
}

/** Remembers of the last so many messages who sent each of them last. */
export class Sendings {
  readonly #capacity: number;
  readonly #last = new Map<string, Sending>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Returns the sending before this one; undefined where there was none. */
  note(message: string, sending: Sending): Sending | undefined {
    const before = this.#last.get(message);
    if (before === undefined && this.#last.size >= this.#capacity) {
      const [oldest] = this.#last.keys();
      if (oldest !== undefined) this.#last.delete(oldest);
    }
    this.#last.set(message, sending);
    return before;
  }
}

/** Remembers who has spoken about what. Of each thing a few authors are heard, so that none can speak for all. */
export class Subjects {
  readonly #capacity: number;
  readonly #authorsEach: number;
  readonly #authors = new Map<string, Set<string>>();

  constructor(capacity: number, authorsEach: number) {
    this.#capacity = capacity;
    this.#authorsEach = authorsEach;
  }

  /** Whether this author is still to be heard about this. */
  isNews(subject: string, author: string): boolean {
    const authors = this.#authors.get(subject);
    return authors === undefined || (!authors.has(author) && authors.size < this.#authorsEach);
  }

  /** From now on this author has been heard about this. */
  hear(subject: string, author: string): void {
    const authors = this.#authors.get(subject) ?? new Set();
    if (authors.size === 0 && this.#authors.size >= this.#capacity) {
      const [oldest] = this.#authors.keys();
      if (oldest !== undefined) this.#authors.delete(oldest);
    }
    this.#authors.set(subject, authors.add(author));
  }
}
