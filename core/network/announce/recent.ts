/** Remembers the last so many keys that were added to it. */
export class Recent {
  readonly #capacity: number;
  readonly #keys = new Set<string>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Says whether the key was new. */
  add(key: string): boolean {
    if (this.#keys.has(key)) return false;
    if (this.#keys.size >= this.#capacity) {
      const [oldest] = this.#keys;
      if (oldest !== undefined) this.#keys.delete(oldest);
    }
    this.#keys.add(key);
    return true;
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

  /** Whether this author is to be heard about this; from then on it has been. */
  hear(subject: string, author: string): boolean {
    const authors = this.#authors.get(subject) ?? new Set();
    if (authors.has(author) || authors.size >= this.#authorsEach) return false;
    if (authors.size === 0 && this.#authors.size >= this.#capacity) {
      const [oldest] = this.#authors.keys();
      if (oldest !== undefined) this.#authors.delete(oldest);
    }
    this.#authors.set(subject, authors.add(author));
    return true;
  }
}
