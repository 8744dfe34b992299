import { crc32 } from 'node:zlib';
import { contentIdSchema, type ContentId } from '../record/index.ts';

/** One proof in the journal. `payload` is what `rows.ts` encodes; the ids stand outside it to be read cheaply. */
export interface JournalEntry {
  readonly id: ContentId;
  readonly statement: ContentId;
  readonly payload: Uint8Array;
}

export type ParsedLine =
  | { readonly kind: 'entry'; readonly entry: JournalEntry }
  /** A line of a kind that a later program may write: kept, passed over. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'corrupt'; readonly detail: string };

const PROOF_KIND = 'proof1';

/** `<crc32 of the rest> <kind> <id> <statement id> <payload in base64>` and a line feed. */
export function formatLine(entry: JournalEntry): Buffer {
  const base64 = Buffer.from(entry.payload).toString('base64');
  const rest = `${PROOF_KIND} ${entry.id} ${entry.statement} ${base64}`;
  return Buffer.from(`${checksum(rest)} ${rest}\n`, 'latin1');
}

/** Parses a complete line, without its line feed. The payload is decoded when asked for. */
export function parseLine(line: Buffer): ParsedLine {
  const text = line.toString('latin1');
  const rest = text.slice(9);
  if (text.charAt(8) !== ' ' || text.slice(0, 8) !== checksum(rest)) {
    return { kind: 'corrupt', detail: `a line of ${line.length} bytes does not match its checksum` };
  }
  const [kind, id, statement, base64, ...more] = rest.split(' ');
  if (kind !== PROOF_KIND) return { kind: 'foreign' };
  const ids = [contentIdSchema.safeParse(id), contentIdSchema.safeParse(statement)] as const;
  if (!ids[0].success || !ids[1].success || base64 === undefined || more.length > 0) {
    return { kind: 'corrupt', detail: 'a line has not the fields of a proof' };
  }
  const entry = {
    id: ids[0].data,
    statement: ids[1].data,
    get payload() {
      return Buffer.from(base64, 'base64');
    },
  };
  return { kind: 'entry', entry };
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
