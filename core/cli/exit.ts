/** Exit codes that scripts may rely on. */
export const EXIT = {
  ok: 0,
  /** `verify`: not accepted. Elsewhere: the command ran and its answer is no. */
  no: 1,
  /** Usage, unreadable input, no back end, a Lean that broke down: nothing could be decided. */
  failure: 2,
  /** Ended by Ctrl-C, as shells report it. */
  interrupted: 130,
} as const;

/** An error that the user can mend: shown as one line, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failure) {
    super(message);
    this.exitCode = exitCode;
  }
}
