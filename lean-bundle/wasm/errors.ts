/** The embedded Lean could not be prepared, found or started. */
export class LeanBundleError extends Error {
  override readonly name = 'LeanBundleError';
  readonly stage: 'package' | 'glue' | 'module' | 'library' | 'start';

  constructor(stage: LeanBundleError['stage'], detail: string, options?: ErrorOptions) {
    super(`embedded Lean: ${detail}`, options);
    this.stage = stage;
  }
}
