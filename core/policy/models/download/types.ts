import type { DownloadFailedError } from './errors.ts';
import type { Expected } from './plan.ts';

export interface DownloadRequest {
  readonly url: string;
  readonly directory: string;
  /** The name that it gets there. */
  readonly file: string;
  readonly expected?: Expected;
}

/** Bytes: `bytes` is the length of the whole, `have` how much of it is done. */
export type DownloadEvent =
  | {
      readonly type: 'model-download:started';
      readonly url: string;
      readonly bytes: number;
      readonly have: number;
    }
  | { readonly type: 'model-download:progress'; readonly bytes: number; readonly have: number }
  /** What an earlier try left is read again, for the checksum. */
  | { readonly type: 'model-download:verifying'; readonly bytes: number; readonly have: number }
  /** What had arrived is of no use. */
  | { readonly type: 'model-download:restarted'; readonly because: string }
  | {
      readonly type: 'model-download:retrying';
      readonly error: DownloadFailedError;
      readonly inSeconds: number;
    };

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Progress; must not throw. */
  readonly onEvent?: (event: DownloadEvent) => void;
  /** Looks at the complete file before it is put in place; what it throws ends the download and deletes the file. */
  readonly inspect?: (file: string) => Promise<void>;
  /** Attempts in a row that bring little or nothing before it is given up; 5 unless set. */
  readonly attempts?: number;
  /** Wait before the second attempt, doubled with each further one up to 30 s; 1 s unless set. */
  readonly retryMs?: number;
  /** So long without a byte ends an attempt; 60 s unless set. */
  readonly stallMs?: number;
  /** Bytes free in a directory; what the system says unless set. */
  readonly freeBytes?: (directory: string) => Promise<number>;
}

export interface Downloaded {
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** Whether the checksum was known before: listed, or told by the hub. */
  readonly verified: boolean;
}
