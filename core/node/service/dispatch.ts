import {
  ApiError,
  commandNameSchema,
  commands,
  type ApiErrorCode,
  type CommandHandlers,
} from '../../api/index.ts';
import { describeSystemError } from '../../process/index.ts';
import { describeInvalid } from '../../record/index.ts';

/** What errors of the stages mean to a face, by their names: they say what helps in their own words. */
const CODES: Readonly<Record<string, ApiErrorCode>> = {
  UnknownModelError: 'not-found',
  ModelExistsError: 'conflict',
  DownloadBusyError: 'conflict',
  UnreadableModelError: 'failed',
  ForbiddenAddressError: 'failed',
  DownloadFailedError: 'failed',
  ChecksumMismatchError: 'failed',
  DiskSpaceError: 'failed',
  DamagedFileError: 'failed',
  DamagedSettingsError: 'failed',
  UnjudgeableError: 'failed',
  LeanUnavailableError: 'failed',
  BankDiskFullError: 'failed',
  BankTablesUnavailableError: 'failed',
  BankClosedError: 'conflict',
  JournalWriteError: 'failed',
  CorruptRowError: 'failed',
  UnknownFileTypeError: 'bad-input',
  UnreadableFileError: 'failed',
  UnreadableBankFileError: 'failed',
  UnwritableBankFileError: 'failed',
  BankFileExistsError: 'failed',
  NetworkStoppedError: 'conflict',
  DialError: 'failed',
};

/**
 * Carries out a command that came over a wire: name and input are a stranger's until they have been parsed.
 * @throws ApiError
 */
export async function dispatch(
  handlers: CommandHandlers,
  name: string,
  input: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const known = commandNameSchema.safeParse(name);
  if (!known.success) throw new ApiError('unknown-command', 'there is no such command');
  const parsed = commands[known.data].input.safeParse(input);
  if (!parsed.success) throw new ApiError('bad-input', `${known.data}: ${describeInvalid(parsed.error)}`);
  const handler = handlers[known.data] as (input: unknown, signal: AbortSignal) => unknown;
  try {
    signal.throwIfAborted();
    return await handler(parsed.data, signal);
  } catch (error) {
    throw toApiError(error, signal);
  }
}

export function toApiError(error: unknown, signal?: AbortSignal): ApiError {
  if (error instanceof ApiError) return error;
  if (signal?.aborted === true) return new ApiError('cancelled', 'the command was cancelled', error);
  if (!(error instanceof Error)) return new ApiError('internal', String(error), error);
  const system = describeSystemError(error);
  if (system !== undefined) return new ApiError('failed', system, error);
  const code = CODES[error.name] ?? 'internal';
  return new ApiError(code, error.message === '' ? error.name : error.message, error);
}
