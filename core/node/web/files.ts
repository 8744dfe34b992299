import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

export interface StaticFile {
  readonly body: Buffer;
  readonly type: string;
  /** Its name holds a hash of what is in it, so that it may be kept for ever. */
  readonly immutable: boolean;
}

const HASHED = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

/** The file of a URL path below a directory; undefined where there is none, or it lies elsewhere or is of no kind we serve. */
export async function readStatic(directory: string, urlPath: string): Promise<StaticFile | undefined> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  // Backslashes part folders on Windows; a NUL ends a path for the system.
  if (/[\0\\]/.test(decoded) || !decoded.startsWith('/')) return undefined;
  const type = TYPES[path.posix.extname(decoded)];
  if (type === undefined) return undefined;
  try {
    const root = await realpath(directory);
    const file = await realpath(path.join(root, decoded));
    // Links are followed before it is looked where the file lies.
    if (!file.startsWith(root + path.sep) || !(await stat(file)).isFile()) return undefined;
    return { body: await readFile(file), type, immutable: HASHED.test(decoded) };
  } catch {
    return undefined;
  }
}
