import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { create } from 'tar';
import { onTestFinished } from 'vitest';
import { writeProgram } from './native-lean.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on this machine, asked by `handler`; it keeps the `range` of each request. */
export interface ReleaseServer {
  readonly url: string;
  readonly ranges: (string | undefined)[];
  handler: Handler;
}

export async function releaseServer(handler: Handler): Promise<ReleaseServer> {
  const state: { url: string; ranges: (string | undefined)[]; handler: Handler } = {
    url: '',
    ranges: [],
    handler,
  };
  const server = createServer((request, response) => {
    state.ranges.push(request.headers.range);
    state.handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

/** After how many bytes the connection is cut: when they have arrived in the file. */
export interface Cut {
  readonly after: number;
  readonly file: string;
}

/** Answers as a release host does: ranges, and an ETag that names the content. */
export function serve(bytes: Buffer, cut?: Cut): Handler {
  const etag = `"${sha256(bytes).slice(0, 16)}"`;
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const matches = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const partial = request.headers.range !== undefined && matches && start < bytes.length;
    const body = bytes.subarray(partial ? start : 0);
    response.writeHead(partial ? 206 : 200, {
      etag,
      'content-length': body.length,
      ...(partial ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (cut === undefined || cut.after >= body.length) {
      response.end(body);
      return;
    }
    response.write(body.subarray(0, cut.after));
    const arrived = (partial ? start : 0) + cut.after;
    const timer = setInterval(() => {
      const size = statSync(cut.file, { throwIfNoEntry: false })?.size ?? 0;
      if (size < arrived && !response.destroyed) return;
      clearInterval(timer);
      response.destroy();
    }, 2);
  };
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-toolchains-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
}

/** A toolchain's archive whose `lean` is a script that knows its version and nothing else. */
export async function toolchainArchive(version: string, name = `lean-${version}-linux`): Promise<Buffer> {
  const directory = await temporaryDirectory();
  const print = `echo 'Lean (version ${version}, x86_64-unknown-linux-gnu, commit 0123456789ab, Release)'`;
  await writeProgram(path.join(directory, name, 'bin', 'lean'), print);
  await writeProgram(path.join(directory, name, 'bin', 'lake'), 'exit 0');
  return archiveOf(directory, [name]);
}

/** `.tar.zst` of some files of a directory. */
export async function archiveOf(directory: string, names: readonly string[]): Promise<Buffer> {
  const file = path.join(await temporaryDirectory(), 'archive.tar');
  await create({ cwd: directory, file, portable: true }, [...names]);
  return zstdCompressSync(await readFile(file));
}
