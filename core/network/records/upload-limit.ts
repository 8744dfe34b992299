import { TokenBucket } from '../wire/token-bucket.ts';

/** The limit is kept on average over so long. */
const AVERAGED_OVER_S = 60;

/** What all peers together may have of this node, as the user says it; the limit may be another at any time. */
export class UploadLimit {
  readonly #bytesPerSecond: () => number | undefined;
  #bucket: { readonly rate: number; readonly bucket: TokenBucket } | undefined;

  /** @param bytesPerSecond undefined where there is no limit */
  constructor(bytesPerSecond: () => number | undefined) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Milliseconds until more may be sent. @param now on a clock that never goes back, in milliseconds */
  debt(now: number): number {
    return this.#now(now)?.owe(0, now) ?? 0;
  }

  sent(bytes: number, now: number): void {
    this.#now(now)?.owe(bytes, now);
  }

  #now(now: number): TokenBucket | undefined {
    const rate = this.#bytesPerSecond();
    if (rate === undefined) return undefined;
    if (this.#bucket?.rate !== rate) {
      const bucket = new TokenBucket({ perSecond: rate, burst: rate * AVERAGED_OVER_S }, now);
      this.#bucket = { rate, bucket };
    }
    return this.#bucket.bucket;
  }
}
