type Words = Readonly<Record<string, string>>;

const DISK: Words = {
  ENOTDIR: 'a part of the path is no directory',
  EISDIR: 'it is a directory',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EBUSY: 'it is in use',
  EIO: 'the disk reports an error',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EROFS: 'the disk is read-only',
};

const READING: Words = {
  ...DISK,
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
};

const WRITING: Words = {
  ...DISK,
  ENOENT: 'there is no such directory',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  // A directory cannot be made where a file is.
  EEXIST: 'a part of the path is no directory',
};

/** Calls that only who writes makes; a file may be opened for either. */
const WRITES: readonly string[] = ['mkdir', 'write', 'fsync', 'ftruncate', 'rename', 'link', 'unlink'];

const LISTENING: Words = {
  EADDRINUSE: 'the port is taken',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'ports below 1024 need rights that you do not have',
};

const WHATEVER: Words = {
  ...DISK,
  ENOENT: 'there is no such file or directory',
  EACCES: 'you have no right to that',
  EPERM: 'you have no right to that',
  EEXIST: 'it is there already',
  ENOMEM: 'there is no memory left',
  EADDRINUSE: 'the port is taken',
  EADDRNOTAVAIL: 'this machine has no such address',
  ECONNREFUSED: 'nobody answers there',
  ECONNRESET: 'the connection was lost',
  ETIMEDOUT: 'there was no answer in time',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host cannot be looked up now',
};

/** Why a file cannot be read, as one says it; what the system says where there are no words for it. */
export const whyUnreadable = (cause: unknown): string => inWords(cause, READING);

/** Why a file, or a directory, cannot be made or written; as `whyUnreadable`. */
export const whyUnwritable = (cause: unknown): string => inWords(cause, WRITING);

/** Why an address cannot be listened on; as `whyUnreadable`. Takes a text as well, as libraries keep no more of the error. */
export function whyNotListening(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return LISTENING[/\blisten (E[A-Z]+)\b/.exec(text)?.[1] ?? ''] ?? text;
}

/** The code of a system error (`ENOSPC`, `EACCES` …), or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What a system error is about and what it means, in one line; undefined of every other error. */
export function describeSystemError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  const { code = '', syscall = '', path, address, port, hostname } = error as SystemError;
  const words = (WRITES.includes(syscall) ? WRITING[code] : undefined) ?? WHATEVER[code];
  if (words === undefined) return error.message;
  const host = address === undefined ? hostname : port === undefined ? address : `${address}:${port}`;
  const about = path ?? host;
  return about === undefined ? words : `${about}: ${words}`;
}

interface SystemError extends NodeJS.ErrnoException {
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

function inWords(cause: unknown, words: Words): string {
  return words[systemErrorCode(cause) ?? ''] ?? (cause instanceof Error ? cause.message : String(cause));
}

/** What went wrong, as people are told it: a system error in words, of every other error its own message. */
export function errorInWords(error: unknown): string {
  return describeSystemError(error) ?? (error instanceof Error ? error.message : String(error));
}
