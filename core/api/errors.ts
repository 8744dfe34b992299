import { z } from 'zod';

export const API_ERROR_CODES = [
  /** The input is not what the command takes. */
  'bad-input',
  'unknown-command',
  'not-found',
  /** This node cannot do that: `ApiState.capabilities` says so beforehand, and why. */
  'unsupported',
  /** It cannot be done now: something else is under way, or must come first. */
  'conflict',
  /** Too much at once. */
  'busy',
  'too-large',
  'cancelled',
  /** No connection to the node. */
  'disconnected',
  /** A peer, a disk or a server would not. The message says which, and what helps. */
  'failed',
  /** A fault of ours. */
  'internal',
] as const;
export type ApiErrorCode = (typeof API_ERROR_CODES)[number];

export const apiErrorSchema = z.object({
  code: z.enum(API_ERROR_CODES),
  /** For the user to read. */
  message: z.string().max(4000),
});

/** Why a command was not carried out. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string, cause?: unknown) {
    super(message.slice(0, 4000), cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
