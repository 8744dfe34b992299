/** No Lean back end could be started or kept running. */
export class LeanUnavailableError extends Error {
  override readonly name = 'LeanUnavailableError';
}

/** A check that could not be made, as opposed to one that was made and failed. */
export class UnjudgeableError extends Error {
  override readonly name = 'UnjudgeableError';
  /**
   * `environment`: this checker does not have it; `statement`: it does not elaborate, or is not to be; `resources`: Lean came to no
   * end with it, which may be this machine's fault.
   */
  readonly reason: 'environment' | 'statement' | 'resources';

  constructor(reason: UnjudgeableError['reason'], detail: string) {
    super(detail);
    this.reason = reason;
  }
}
