/** An address that nothing is fetched from: no https, and not this machine either. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
  readonly url: string;

  constructor(url: string, detail: string) {
    super(`${url}: ${detail}`);
    this.url = url;
  }
}

/** The server refused, answered with what cannot be used, or broke off too often. */
export class DownloadFailedError extends Error {
  override readonly name = 'DownloadFailedError';
  readonly url: string;
  /** The HTTP status, where that was the reason. */
  readonly status: number | undefined;
  /** Whether the same request may succeed later. */
  readonly passing: boolean;

  constructor(
    url: string,
    detail: string,
    more: { status?: number; passing?: boolean; cause?: unknown } = {},
  ) {
    super(`${url}: ${detail}`, { cause: more.cause });
    this.url = url;
    this.status = more.status;
    this.passing = more.passing ?? false;
  }
}

/** What arrived is not what was listed; it was deleted. */
export class ChecksumMismatchError extends Error {
  override readonly name = 'ChecksumMismatchError';
  readonly url: string;
  readonly expected: string;
  readonly actual: string;

  constructor(url: string, expected: string, actual: string) {
    super(`${url}: its sha256 is ${actual}, not ${expected}; what was fetched has been deleted`);
    this.url = url;
    this.expected = expected;
    this.actual = actual;
  }
}

/** Not enough room on the disk; what has arrived is kept. */
export class DiskSpaceError extends Error {
  override readonly name = 'DiskSpaceError';
  readonly directory: string;
  /** Bytes. */
  readonly needed: number;
  readonly free: number;

  constructor(directory: string, needed: number, free: number) {
    super(
      `${directory}: ${gigabytes(needed)} GB are needed and ${gigabytes(free)} GB are free; what was fetched so far is kept`,
    );
    this.directory = directory;
    this.needed = needed;
    this.free = free;
  }
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(bytes < 1e9 ? 3 : 1);

/** Another process is fetching the same file. */
export class DownloadBusyError extends Error {
  override readonly name = 'DownloadBusyError';
  readonly file: string;
  readonly pid: number;

  constructor(file: string, pid: number, partial: string) {
    super(
      `${file} is being fetched by process ${pid}; wait for it, or delete ${partial} if there is no such process`,
    );
    this.file = file;
    this.pid = pid;
  }
}
