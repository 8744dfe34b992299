/** What the bank tells of by itself: repairs when it opens, and upkeep in the background. */
export type BankEvent =
  /** A crash left an unfinished line at a journal file's end; it was cut off. No insert() had returned for it. */
  | { readonly type: 'journal-torn'; readonly file: string; readonly bytes: number }
  /** A journal line does not match its checksum; the lines around it were loaded. */
  | {
      readonly type: 'journal-corrupt';
      readonly file: string;
      readonly offset: number;
      readonly detail: string;
    }
  /** A stored row is not what its id says; lists go on without it. Told of once. */
  | { readonly type: 'row-corrupt'; readonly id: string; readonly cause: string }
  /** Rows that the tables hold and the journal had lost were written to the journal again. */
  | { readonly type: 'journal-healed'; readonly records: number }
  /** Records that the journal holds and a crash kept from the tables were put in. */
  | { readonly type: 'rows-restored'; readonly records: number }
  /** LanceDB could not read a table; its directory was kept as `movedTo` and the table begun anew. */
  | {
      readonly type: 'table-rebuilt';
      readonly table: string;
      readonly movedTo: string;
      readonly cause: string;
    }
  /** The vectors came of another embedder, so all were computed again. */
  | { readonly type: 'reembedded'; readonly statements: number; readonly embedder: string }
  | { readonly type: 'optimized'; readonly table: string; readonly milliseconds: number }
  /** Upkeep of a table failed; it is tried again later and nothing is lost meanwhile. */
  | { readonly type: 'upkeep-failed'; readonly table: string; readonly cause: string };

export type BankListener = (event: BankEvent) => void;

/** An error's text, its causes left to the error itself. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
