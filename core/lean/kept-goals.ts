/** Goals are small; this many are kept, */
const KEPT = 500;
/** and so much of them, in bytes, as a statement may need large definitions. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** What is larger is elaborated anew each time: it would drive out all others. */
const LARGEST_BYTES = KEPT_BYTES / 4;

/** What statements mean, as far as it is remembered: the oldest are forgotten first. */
export class KeptGoals<T extends { readonly data: unknown }> {
  readonly #goals = new Map<string, { readonly goal: T; readonly bytes: number }>();
  #bytes = 0;

  get(id: string): T | undefined {
    return this.#goals.get(id)?.goal;
  }

  set(id: string, goal: T): void {
    const bytes = bytesOf(goal.data);
    this.#forget(id);
    if (bytes > LARGEST_BYTES) return;
    this.#goals.set(id, { goal, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#goals.keys()) {
      if (this.#goals.size <= KEPT && this.#bytes <= KEPT_BYTES) break;
      this.#forget(oldest);
    }
  }

  #forget(id: string): void {
    this.#bytes -= this.#goals.get(id)?.bytes ?? 0;
    this.#goals.delete(id);
  }
}

/** Roughly what plain data takes in memory, its texts and flat arrays above all; as deep as a declaration's parts go. */
function bytesOf(data: unknown, depth = 8): number {
  if (typeof data === 'string') return 2 * data.length;
  if (typeof data !== 'object' || data === null) return 8;
  if (ArrayBuffer.isView(data)) return data.byteLength;
  if (depth === 0) return 0;
  let bytes = 16;
  for (const part of Object.values(data)) bytes += bytesOf(part, depth - 1);
  return bytes;
}
