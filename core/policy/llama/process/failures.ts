import type { MemoryEstimate } from '../types.ts';
import type { Failure } from '../protocol.ts';

/** What a request failed of, on its way to the parent, which makes one of its own errors of it. */
export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';
  readonly failure: Failure;
  readonly estimate: MemoryEstimate | undefined;

  constructor(failure: Failure, detail: string, estimate?: MemoryEstimate) {
    super(detail);
    this.failure = failure;
    this.estimate = estimate;
  }
}

export const describeError = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
