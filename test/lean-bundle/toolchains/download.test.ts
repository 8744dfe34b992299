import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { download, type Downloaded, type DownloadOptions } from '../../../lean-bundle/toolchains/download.ts';
import {
  releaseServer,
  serve,
  sha256,
  temporaryDirectory,
  type Handler,
} from '../../support/release-server.ts';

const BYTES = randomBytes(300_000);
const FAST: DownloadOptions = { pauseMs: 1, attempts: 3, stallMs: 5000 };

interface Wanted {
  readonly size?: number | null;
  readonly sha256?: string | null;
  readonly maxBytes?: number;
}

/** @param handlerFor makes the server's answers; it is told where the part that has come is kept */
async function setUp(handlerFor: (part: string) => Handler): Promise<{
  server: Awaited<ReturnType<typeof releaseServer>>;
  file: string;
  get: (wanted?: Wanted, options?: DownloadOptions) => Promise<Downloaded>;
  names: () => Promise<string[]>;
}> {
  const directory = await temporaryDirectory();
  const file = path.join(directory, 'archive');
  const server = await releaseServer(handlerFor(`${file}.part`));
  const get = (wanted: Wanted = {}, options: DownloadOptions = {}): Promise<Downloaded> =>
    download(
      { url: `${server.url}/a`, size: BYTES.length, sha256: sha256(BYTES), file, maxBytes: 10e6, ...wanted },
      { ...FAST, ...options },
    );
  return { server, file, get, names: async () => (await readdir(directory)).toSorted() };
}

describe('a download', () => {
  test('comes with its progress, size and digest, and leaves nothing beside it', async () => {
    const { file, get, names } = await setUp(() => serve(BYTES));
    const seen: number[] = [];
    const result = await get({}, { onProgress: ({ received, total }) => seen.push(received / (total ?? 0)) });
    expect(result).toEqual({ file, size: BYTES.length, sha256: sha256(BYTES) });
    expect(await readFile(file)).toEqual(BYTES);
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(await names()).toEqual(['archive']);
  });

  test('goes on where the connection was cut, as often as it gets further', async () => {
    const { server, get } = await setUp((part) => serve(BYTES, { after: 40_000, file: part }));
    await get();
    expect(server.ranges.length).toBeGreaterThan(5);
    expect(server.ranges[0]).toBeUndefined();
    expect(server.ranges.slice(1)).toEqual(server.ranges.slice(1).map(() => expect.stringMatching(/^bytes=[1-9]\d*-$/) as string)); // prettier-ignore
  });

  test('goes on in a later run', async () => {
    const { server, file, get, names } = await setUp((part) => (request, response) => {
      server.handler = (_, refused) => refused.writeHead(404).end();
      serve(BYTES, { after: 100_000, file: part })(request, response);
    });
    await expect(get()).rejects.toThrow(/404/);
    expect(await names()).toEqual(['archive.part', 'archive.part.json']);
    const { size } = await stat(`${file}.part`);
    expect(size).toBe(100_000);
    server.handler = serve(BYTES);
    await get();
    expect(server.ranges.at(-1)).toBe(`bytes=${size}-`);
    expect(await readFile(file)).toEqual(BYTES);
  });

  test('starts anew where the file has changed meanwhile', async () => {
    const old = randomBytes(BYTES.length);
    const { server, file, get } = await setUp((part) => (request, response) => {
      server.handler = serve(BYTES);
      serve(old, { after: 100_000, file: part })(request, response);
    });
    await get();
    expect(await readFile(file)).toEqual(BYTES);
  });

  test('starts anew, once, where a server puts two files together', async () => {
    const old = randomBytes(BYTES.length);
    const { server, file, get } = await setUp((part) => (request, response) => {
      server.handler = (next, answer) => {
        delete next.headers['if-range'];
        serve(BYTES)(next, answer);
      };
      serve(old, { after: 100_000, file: part })(request, response);
    });
    await get();
    expect(await readFile(file)).toEqual(BYTES);
    expect(server.ranges.at(-1)).toBeUndefined();
  });

  test('starts anew where the part belongs to another file or is too long', async () => {
    const { server, file, get } = await setUp(() => serve(BYTES));
    await writeFile(`${file}.part`, randomBytes(1000));
    await writeFile(`${file}.part.json`, JSON.stringify({ url: 'http://127.0.0.1/other' }));
    await get();
    await writeFile(`${file}.part`, randomBytes(BYTES.length + 1));
    await writeFile(`${file}.part.json`, JSON.stringify({ url: `${server.url}/a` }));
    await get();
    expect(server.ranges).toEqual([undefined, undefined]);
  });

  test('takes a whole part without asking for more', async () => {
    const { server, file, get } = await setUp(() => serve(BYTES));
    await writeFile(`${file}.part`, BYTES);
    await writeFile(`${file}.part.json`, JSON.stringify({ url: `${server.url}/a` }));
    await get();
    expect(server.ranges).toEqual([]);
  });

  test('starts anew where the server says that the rest is not there', async () => {
    const { server, file, get } = await setUp(() => (request, response) => {
      if (request.headers.range === undefined) serve(BYTES)(request, response);
      else response.writeHead(416).end();
    });
    await writeFile(`${file}.part`, randomBytes(1000));
    await writeFile(`${file}.part.json`, JSON.stringify({ url: `${server.url}/a` }));
    await get();
    expect(server.ranges).toEqual(['bytes=1000-', undefined]);
  });

  test.each<[string, Handler, RegExp]>([
    ['wrong bytes', serve(randomBytes(BYTES.length)), /not the pinned file: its sha256 is [0-9a-f]{64}/],
    ['a file of another length', serve(BYTES.subarray(1)), /has 299999 bytes, not the 300000 pinned/],
    ['more than it announced, in chunks', (_, response) => response.end(Buffer.concat([BYTES, BYTES])), /more than 300000 bytes|has 600000 bytes/],
    ['more and more', (_, response) => { response.writeHead(200); response.write(BYTES); response.end(BYTES); }, /more than 300000 bytes/],
    ['an error', (_, response) => response.writeHead(403).end(), /answered with 403/],
    ['another part than was asked for', (_, response) => response.writeHead(206, { 'content-range': 'bytes 7-9/10' }).end('abc'), /another part/],
    ['redirects without end', (_, response) => response.writeHead(302, { location: '/a' }).end(), /too many redirects/],
    ['a redirect to a place that is not safe', (_, response) => response.writeHead(302, { location: 'http://example.org/x' }).end(), /not safe/],
    ['a redirect to a file', (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(), /not safe/],
  ])('refuses %s, and tries no more', async (_, handler, message) => {
    const { server, get, names } = await setUp(() => handler);
    await expect(get()).rejects.toThrow(message);
    expect(server.ranges.length).toBeLessThan(8);
    expect((await names()).filter((name) => name === 'archive')).toEqual([]);
  }); // prettier-ignore

  test('follows redirects', async () => {
    const { server, get } = await setUp(() => (request, response) => {
      if (request.url === '/b') serve(BYTES)(request, response);
      else response.writeHead(302, { location: '/b' }).end();
    });
    await get();
    expect(server.ranges.length).toBe(2);
  });

  test.each<[string, Handler]>([
    ['answers with 503', (_, response) => response.writeHead(503).end()],
    ['says nothing', () => {}],
    ['stops after a while', (_, response) => { response.writeHead(200, { 'content-length': BYTES.length }).flushHeaders(); }],
    ['closes the connection', (_, response) => response.destroy()],
    ['announces more than it sends', (_, response) => response.writeHead(200, { 'content-length': BYTES.length }).end()],
  ])('is tried a few times where the server %s, then given up', async (_, handler) => {
    const { server, get } = await setUp(() => handler);
    await expect(get({}, { stallMs: 200 })).rejects.toMatchObject({ name: 'ToolchainError', stage: 'download' });
    expect(server.ranges.length).toBe(3);
  }); // prettier-ignore

  test('never takes more than the bound where the size is not known', async () => {
    const endless: Handler = (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (!response.destroyed) response.write(BYTES, more);
      };
      more();
    };
    const { get, names } = await setUp(() => endless);
    await expect(get({ size: null, sha256: null, maxBytes: 2e6 })).rejects.toThrow(/more than 2000000 bytes/);
    expect(await names()).toEqual([]);
  });

  test('is taken without a digest where none is known, and says which it has', async () => {
    const { get } = await setUp(() => serve(BYTES));
    expect(await get({ size: null, sha256: null })).toMatchObject({
      size: BYTES.length,
      sha256: sha256(BYTES),
    });
  });

  test('stops when the signal is aborted, and keeps what has come', async () => {
    const { file, get } = await setUp(() => (_, response) => {
      response.writeHead(200, { 'content-length': BYTES.length });
      response.write(BYTES.subarray(0, 50_000));
    });
    const abort = new AbortController();
    const work = get({}, { signal: abort.signal });
    const stopped = expect(work).rejects.toThrow('enough');
    await vi.waitFor(async () => expect((await stat(`${file}.part`)).size).toBe(50_000));
    abort.abort(new Error('enough'));
    await stopped;
    expect((await stat(`${file}.part`)).size).toBe(50_000);
  });
});
