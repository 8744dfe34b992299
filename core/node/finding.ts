/** `ok`; `note`: not there, not needed; `problem`: something that should work does not. */
export type FindingState = 'ok' | 'note' | 'problem';

/** What was found out about one thing that the program needs or could use. */
export interface Finding {
  readonly topic: string;
  readonly state: FindingState;
  readonly detail: string;
  /** How to mend it. */
  readonly remedy?: string;
}
