import type { MemoryEstimate } from './types.ts';

/** llama.cpp cannot be run here: no prebuilt binary fits, or its process does not start. */
export class InferenceUnavailableError extends Error {
  override readonly name = 'InferenceUnavailableError';
}

/** The model's file cannot be read, is damaged, or is of a kind that llama.cpp does not know. */
export class ModelUnreadableError extends Error {
  override readonly name = 'ModelUnreadableError';
}

/** The model would not fit in memory; nothing was loaded. */
export class ModelTooLargeError extends Error {
  override readonly name = 'ModelTooLargeError';
  readonly estimate: MemoryEstimate;

  constructor(message: string, estimate: MemoryEstimate) {
    super(message);
    this.estimate = estimate;
  }
}

/** The inference process ended by itself while it was needed. */
export class InferenceCrashedError extends Error {
  override readonly name = 'InferenceCrashedError';
}

/** The request cannot be met as it is: an invalid grammar, or a chat that the template refuses. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
}

/** The model was unloaded, or the engine disposed of, while the request was under way. */
export class ModelUnloadedError extends Error {
  override readonly name = 'ModelUnloadedError';
}

/** llama.cpp failed this one request; others go on. */
export class GenerationFailedError extends Error {
  override readonly name = 'GenerationFailedError';
}
