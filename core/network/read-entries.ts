import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';

/** The file is there and cannot be read at this moment, which says nothing of what is in it. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';

  constructor(file: string, cause: unknown) {
    super(`cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

export interface EntriesFormat<T> {
  /** What the file calls itself. */
  readonly format: string;
  readonly entry: z.ZodType<T>;
  readonly maxEntries: number;
  readonly maxBytes: number;
}

export type EntriesRead<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged'; readonly detail: string }
  | {
      readonly kind: 'read';
      readonly entries: readonly T[];
      /** How many others the file has, which are not what they should be. */
      readonly dropped: number;
    };

/**
 * Reads `{ format, version: 1, peers: […] }`, each entry for itself: one that is damaged takes no other with it.
 * @throws UnreadableFileError, so that a file which only could not be opened is not taken for none and written over
 */
export async function readEntries<T>(file: string, format: EntriesFormat<T>): Promise<EntriesRead<T>> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > format.maxBytes) {
      return { kind: 'damaged', detail: `${size} bytes, at most ${format.maxBytes}` };
    }
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'absent' };
    throw new UnreadableFileError(file, error);
  }
  return parseEntries(text, format);
}

function parseEntries<T>(text: string, { format, entry, maxEntries }: EntriesFormat<T>): EntriesRead<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { kind: 'damaged', detail: (error as Error).message };
  }
  const parsed = z
    .strictObject({ format: z.literal(format), version: z.literal(1), peers: z.array(z.unknown()) })
    .safeParse(json);
  if (!parsed.success) return { kind: 'damaged', detail: z.prettifyError(parsed.error).slice(0, 300) };
  const entries = parsed.data.peers
    .flatMap((one) => {
      const read = entry.safeParse(one);
      return read.success ? [read.data] : [];
    })
    .slice(-maxEntries);
  return { kind: 'read', entries, dropped: parsed.data.peers.length - entries.length };
}
