import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

export interface Asset {
  readonly body: Buffer<ArrayBuffer>;
  readonly type: string;
}

/** The file of a URL's path below a directory; undefined where there is none, it lies elsewhere, or is of no kind we serve. */
export async function readAsset(directory: string, urlPath: string): Promise<Asset | undefined> {
  const decoded = decode(urlPath === '/' ? '/index.html' : urlPath);
  // Backslashes part folders on Windows, a colon names a drive or a stream there; a NUL ends a path for the system.
  if (decoded === undefined || !decoded.startsWith('/') || /[\0\\:]/.test(decoded)) return undefined;
  const type = TYPES[path.posix.extname(decoded)];
  if (type === undefined) return undefined;
  try {
    const root = await realpath(directory);
    // Links are followed before it is looked where the file lies.
    const file = await realpath(path.join(root, decoded));
    if (!file.startsWith(root + path.sep) || !(await stat(file)).isFile()) return undefined;
    return { body: await readFile(file), type };
  } catch {
    return undefined;
  }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
