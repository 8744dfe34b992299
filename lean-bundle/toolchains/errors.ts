export type ToolchainStage =
  'platform' | 'pin' | 'download' | 'checksum' | 'space' | 'unpack' | 'install' | 'library';

/** A toolchain or a library could not be got or made ready. */
export class ToolchainError extends Error {
  override readonly name = 'ToolchainError';
  readonly stage: ToolchainStage;

  constructor(stage: ToolchainStage, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.stage = stage;
  }
}
