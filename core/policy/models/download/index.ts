/** Fetches large files over HTTP(S): resumed, checked, moved into place in one step. */
export { download } from './download.ts';
export {
  ChecksumMismatchError,
  DiskSpaceError,
  DownloadBusyError,
  DownloadFailedError,
  ForbiddenAddressError,
} from './errors.ts';
export { allowedAddress } from './address.ts';
export { Partial } from './partial.ts';
export { sha256Of, type HashOptions } from './sha256.ts';
export type { Expected } from './plan.ts';
export type { Downloaded, DownloadEvent, DownloadOptions, DownloadRequest } from './types.ts';
