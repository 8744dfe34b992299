import { createHash } from 'node:crypto';
import { fork } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  allowedAddress,
  ChecksumMismatchError,
  DiskSpaceError,
  download,
  DownloadBusyError,
  DownloadFailedError,
  ForbiddenAddressError,
  type Downloaded,
  type DownloadEvent,
  type DownloadOptions,
  type Expected,
} from '../../../core/policy/models/download/index.ts';
import { fileServer, serve, type FileServer } from './server.ts';

const FILE = 'model.gguf';
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes that no two places share for long. */
const content = (length: number, seed = 1): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let i = 0, x = seed; i < length; i++) {
    x = (x * 1_103_515_245 + 12_345) % 2 ** 31;
    bytes[i] = x >> 16;
  }
  return bytes;
};
const CONTENT = content(300_000);

async function directory(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'proofswarm-download-'));
  onTestFinished(() => rm(made, { recursive: true, force: true, maxRetries: 5 }));
  return made;
}

interface Run {
  readonly events: DownloadEvent[];
  readonly result: Promise<Downloaded>;
}

function start(url: string, into: string, options: DownloadOptions = {}, expected: Expected = {}): Run {
  const events: DownloadEvent[] = [];
  const result = download(
    { url, directory: into, file: FILE, expected },
    {
      retryMs: 1,
      attempts: 1,
      freeBytes: () => Promise.resolve(1e12),
      ...options,
      onEvent: (event) => {
        events.push(event);
        options.onEvent?.(event);
      },
    },
  );
  result.catch(() => {});
  return { events, result };
}

const types = (run: Run): string[] => [...new Set(run.events.map((event) => event.type.split(':')[1] ?? ''))];
const held = (into: string): Promise<Buffer> => readFile(path.join(into, FILE));
/** Names in the directory and in that of what is unfinished. */
async function names(into: string): Promise<{ files: string[]; partial: string[] }> {
  const files = await readdir(into);
  const partial = await readdir(path.join(into, '.partial'));
  return { files: files.filter((name) => name !== '.partial'), partial };
}

/** Breaks the connection each time so many more bytes have arrived. */
function breaking(server: FileServer, every: number): DownloadOptions {
  return {
    onEvent: (event) => {
      if (event.type === 'model-download:progress' && event.have % every === 0) server.breakOff();
    },
  };
}

/** Fetches the first 100,000 bytes, which then lie there as an ended process would have left them. */
async function interrupted(server: FileServer, into: string, expected: Expected = {}): Promise<void> {
  const run = start(server.url, into, breaking(server, 100_000), expected);
  await expect(run.result).rejects.toThrow(DownloadFailedError);
  expect((await names(into)).partial).toHaveLength(1);
}

describe('a download', () => {
  test('puts the whole file in place and nothing else', async () => {
    const server = await fileServer(serve(CONTENT, { etag: '"a"' }));
    const into = await directory();
    const run = start(`${server.url}/m`, into);
    expect(await run.result).toEqual({
      path: path.join(into, FILE),
      bytes: CONTENT.length,
      sha256: sha256(CONTENT),
      verified: false,
    });
    expect(await held(into)).toEqual(CONTENT);
    expect(await names(into)).toEqual({ files: [FILE], partial: [] });
    expect(types(run)).toEqual(['started', 'progress']);
    expect(run.events.at(-1)).toMatchObject({ have: CONTENT.length, bytes: CONTENT.length });
  });

  test('of an empty file is complete at once', async () => {
    const server = await fileServer(serve(Buffer.alloc(0)));
    const into = await directory();
    await start(server.url, into).result;
    expect(await held(into)).toHaveLength(0);
  });

  test('checks the listed sha256, and the one that a hub tells with its redirect', async () => {
    const server = await fileServer((request, response) => {
      if (request.url === '/hub') {
        const linked = { 'x-linked-etag': `"${sha256(CONTENT)}"`, 'x-linked-size': `${CONTENT.length}` };
        response.writeHead(302, { location: '/cdn?signature=1', etag: '"pointer"', ...linked }).end();
      } else serve(CONTENT)(request, response);
    });
    const into = await directory();
    const listed = await start(`${server.url}/cdn`, into, {}, { sha256: sha256(CONTENT) }).result;
    expect(listed.verified).toBe(true);
    expect((await start(`${server.url}/hub`, into).result).verified).toBe(true);
  });

  test('does not believe a checksum that the redirect leads to', async () => {
    const server = await fileServer((request, response) => {
      if (request.url === '/hub') response.writeHead(302, { location: '/cdn' }).end();
      else serve(CONTENT, { headers: { 'x-linked-etag': 'a'.repeat(64) } })(request, response);
    });
    expect((await start(`${server.url}/hub`, await directory()).result).verified).toBe(false);
  });

  test('of a wrong file leaves nothing', async () => {
    const server = await fileServer(serve(CONTENT, { etag: '"a"' }));
    const into = await directory();
    const wrong = sha256(Buffer.from('other'));
    await expect(start(server.url, into, {}, { sha256: wrong }).result).rejects.toMatchObject({
      name: 'ChecksumMismatchError',
      expected: wrong,
      actual: sha256(CONTENT),
    });
    expect(await names(into)).toEqual({ files: [], partial: [] });
  });

  test('that the inspection refuses leaves nothing, nor touches what was in place', async () => {
    const server = await fileServer(serve(CONTENT));
    const into = await directory();
    await writeFile(path.join(into, FILE), 'old');
    const inspect = (): Promise<void> => Promise.reject(new Error('no model'));
    await expect(start(server.url, into, { inspect }).result).rejects.toThrow('no model');
    expect((await held(into)).toString()).toBe('old');
    expect((await names(into)).partial).toEqual([]);
  });
});

describe('what is refused before anything is written', () => {
  test.each<[string, string, RegExp]>([
    ['http elsewhere', 'http://example.org/m.gguf', /only https/],
    ['another scheme', 'file:///etc/passwd', /only https/],
    ['no address', 'm.gguf', /no address/],
    ['a password', 'https://me:secret@example.org/m', /password/],
    ['a name like ours', 'http://localhost.example.org/m', /only https/],
    ['a number like ours', 'http://127.0.0.1.example.org/m', /only https/],
  ])('%s', async (_, url, message) => {
    const into = await directory();
    const error = await start(url, into).result.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ForbiddenAddressError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('secret');
    expect(await readdir(into)).toEqual([]);
  });

  test('an https server sends nobody to this machine, nor to plain http', () => {
    const from = new URL('https://example.org/m');
    expect(() => allowedAddress('http://127.0.0.1:8080/', from)).toThrow(/redirects to this machine/);
    expect(() => allowedAddress('https://[::1]/', from)).toThrow(/redirects to this machine/);
    expect(() => allowedAddress('//localhost/', from)).toThrow(/redirects to this machine/);
    expect(() => allowedAddress('http://example.org/', from)).toThrow(/only https/);
    expect(allowedAddress('/other', from).href).toBe('https://example.org/other');
    expect(allowedAddress('http://[::1]:80/').hostname).toBe('[::1]');
  });

  test.each<[string, Record<string, string>, number, RegExp]>([
    ['no such file', {}, 404, /no such file/],
    ['a login', {}, 401, /asks for a login/],
    ['a gate', {}, 403, /gated/],
    ['a fault', {}, 500, /answers 500/],
    ['a part nobody asked for', { 'content-range': 'bytes 5-9/10' }, 206, /answers 206/],
    ['a redirect to nowhere', {}, 302, /answers 302/],
    ['a body of unknown length', { 'transfer-encoding': 'chunked' }, 200, /how long/],
    ['a compressed body', { 'content-encoding': 'gzip', 'content-length': '9' }, 200, /as gzip/],
  ])('%s', async (_, headers, status, message) => {
    const server = await fileServer((__, response) => response.writeHead(status, headers).end());
    const into = await directory();
    await expect(start(server.url, into).result).rejects.toThrow(message);
    expect(await names(into)).toEqual({ files: [], partial: [] });
  });

  test('redirects without end', async () => {
    const server = await fileServer((_, response) => response.writeHead(302, { location: '/again' }).end());
    await expect(start(server.url, await directory()).result).rejects.toThrow(/more than 8 redirects/);
    expect(server.asked).toHaveLength(9);
  });

  test('another length, or another checksum, than was listed', async () => {
    const headers = { 'x-linked-etag': sha256(CONTENT) };
    const server = await fileServer(serve(CONTENT, { headers }));
    const into = await directory();
    await expect(start(server.url, into, {}, { bytes: 5 }).result).rejects.toThrow(/300000 bytes where 5/);
    const other = { sha256: 'b'.repeat(64) };
    await expect(start(server.url, into, {}, other).result).rejects.toThrow(/offers another file/);
    expect(await names(into)).toEqual({ files: [], partial: [] });
  });

  test('more than the disk holds, with some room left', async () => {
    const server = await fileServer(serve(CONTENT));
    const into = await directory();
    const free = 512 * 1024 * 1024 + CONTENT.length - 1;
    const error = await start(server.url, into, { freeBytes: () => Promise.resolve(free) }).result.catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DiskSpaceError);
    expect(error).toMatchObject({ directory: into, free, needed: free + 1 });
    await start(server.url, into, { freeBytes: () => Promise.resolve(free + 1) }).result;
  });

  test('a server that nobody runs', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(start(`http://127.0.0.1:${port}`, await directory()).result).rejects.toThrow(
      /cannot be reached \(ECONNREFUSED\)/,
    );
  });
});

describe('an interrupted download', () => {
  test('goes on where it ended, if the file is the same', async () => {
    const server = await fileServer(serve(CONTENT, { etag: '"a"', silentAfter: 100_000 }));
    const into = await directory();
    await interrupted(server, into);
    server.handler = serve(CONTENT, { etag: '"a"' });
    const run = start(server.url, into);
    await run.result;
    expect(await held(into)).toEqual(CONTENT);
    expect(server.asked.at(-1)).toMatchObject({ range: 'bytes=100000-', ifRange: '"a"' });
    expect(types(run)).toEqual(['verifying', 'started', 'progress']);
  });

  test('is tried again by itself', async () => {
    const server = await fileServer(serve(CONTENT, { etag: '"a"', silentAfter: 90_000 }));
    const into = await directory();
    const run = start(server.url, into, { attempts: 4, ...breaking(server, 90_000) });
    expect((await run.result).sha256).toBe(sha256(CONTENT));
    expect(server.asked.map(({ range }) => range)).toEqual([
      undefined,
      'bytes=90000-',
      'bytes=180000-',
      'bytes=270000-',
    ]);
    expect(run.events.filter(({ type }) => type === 'model-download:retrying')).toHaveLength(3);
    // The hash went on too: nothing was read again.
    expect(types(run)).not.toContain('verifying');
  });

  test('is given up after so many attempts in vain, and what has arrived stays', async () => {
    const server = await fileServer(serve(CONTENT, { etag: '"a"', silentAfter: 1000 }));
    const into = await directory();
    const error = await start(server.url, into, { attempts: 3, ...breaking(server, 1000) }).result.catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ name: 'DownloadFailedError', passing: true });
    expect(server.asked).toHaveLength(3);
    expect((await names(into)).partial).toHaveLength(1);
  });

  test.each<[string, Parameters<typeof serve>[1], Buffer]>([
    ['its etag', { etag: '"b"' }, content(300_000, 2)],
    ['its length', { etag: '"a"' }, content(250_000, 2)],
    [
      'its checksum',
      { etag: '"a"', headers: { 'x-linked-etag': sha256(content(300_000, 2)) } },
      content(300_000, 2),
    ],
  ])('begins anew where the file has changed: %s', async (_, served, other) => {
    const linked = { 'x-linked-etag': sha256(CONTENT) };
    const server = await fileServer(serve(CONTENT, { etag: '"a"', headers: linked, silentAfter: 100_000 }));
    const into = await directory();
    await interrupted(server, into);
    server.handler = serve(other, served);
    const run = start(server.url, into);
    await run.result;
    expect(await held(into)).toEqual(other);
    expect(types(run)).toContain('restarted');
  });

  test('begins anew where the server resumes whatever was asked', async () => {
    const server = await fileServer(serve(CONTENT, { etag: '"a"', silentAfter: 100_000 }));
    const into = await directory();
    await interrupted(server, into);
    const other = content(300_000, 3);
    // A new file, and yet 206 to an If-Range of the old.
    server.handler = (request, response) => {
      delete request.headers['if-range'];
      serve(other, { etag: '"b"' })(request, response);
    };
    await start(server.url, into).result;
    expect(await held(into)).toEqual(other);
  });

  test.each([
    ['another place', 'bytes 0-299999/300000'],
    ['a place in another file', 'bytes 100000-199999/200000'],
  ])('takes no bytes of %s', async (_, range) => {
    const server = await fileServer(serve(CONTENT, { etag: '"a"', silentAfter: 100_000 }));
    const into = await directory();
    await interrupted(server, into);
    server.handler = (request, response) => {
      if (request.headers.range === undefined) serve(CONTENT, { etag: '"a"' })(request, response);
      else response.writeHead(206, { 'content-range': range, etag: '"a"' }).end(CONTENT);
    };
    const run = start(server.url, into);
    await run.result;
    expect(await held(into)).toEqual(CONTENT);
    expect(types(run)).toContain('restarted');
  });

  test('is asked for whole where nothing would tell a change', async () => {
    const server = await fileServer(serve(CONTENT, { etag: 'W/"a"', silentAfter: 100_000 }));
    const into = await directory();
    await interrupted(server, into);
    server.handler = serve(CONTENT);
    await start(server.url, into).result;
    expect(server.asked.at(-1)?.range).toBeUndefined();
    expect(await held(into)).toEqual(CONTENT);
  });

  test('whose part was damaged on the disk is found out and deleted', async () => {
    const expected = { sha256: sha256(CONTENT) };
    const server = await fileServer(serve(CONTENT, { etag: '"a"', silentAfter: 100_000 }));
    const into = await directory();
    await interrupted(server, into, expected);
    const [part = ''] = (await names(into)).partial;
    await writeFile(path.join(into, '.partial', part, 'data'), Buffer.alloc(100_000));
    server.handler = serve(CONTENT, { etag: '"a"' });
    await expect(start(server.url, into, {}, expected).result).rejects.toThrow(ChecksumMismatchError);
    await start(server.url, into, {}, expected).result;
    expect(await held(into)).toEqual(CONTENT);
  });

  test.each(['{', '{}', '{"url":"elsewhere","bytes":300000}', ''])(
    'with notes lost (%j) begins anew',
    async (notes) => {
      const server = await fileServer(serve(CONTENT, { etag: '"a"', silentAfter: 100_000 }));
      const into = await directory();
      await interrupted(server, into);
      const [part = ''] = (await names(into)).partial;
      await writeFile(path.join(into, '.partial', part, 'state.json'), notes);
      server.handler = serve(CONTENT, { etag: '"a"' });
      await start(server.url, into).result;
      expect(server.asked.at(-1)?.range).toBeUndefined();
      expect(await held(into)).toEqual(CONTENT);
    },
  );
});

describe('a server that misbehaves', () => {
  test('by falling silent is left after a while, before and within the body', async () => {
    const server = await fileServer(() => {});
    const into = await directory();
    await expect(start(server.url, into, { stallMs: 50 }).result).rejects.toThrow(/no answer in 0.05 s/);
    server.handler = serve(CONTENT, { silentAfter: 1000 });
    await expect(start(server.url, into, { stallMs: 50 }).result).rejects.toThrow(/nothing has arrived/);
  });

  test('by sending less than it announced is not believed', async () => {
    const server = await fileServer((_, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('12345', () => response.destroy());
    });
    await expect(start(server.url, await directory()).result).rejects.toThrow(/broke off/);
  });

  test('by sending more than the hub announced is cut off', async () => {
    const server = await fileServer((_, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked', 'x-linked-size': '1000' });
      const more = (): boolean => response.write(CONTENT, more);
      more();
    });
    const into = await directory();
    await expect(start(server.url, into).result).rejects.toThrow(/sends more than the 1000 bytes/);
    expect(await readdir(into)).not.toContain(FILE);
  });

  test('by answering 416 to the rest is asked for the whole', async () => {
    const server = await fileServer(serve(CONTENT, { etag: '"a"', silentAfter: 100_000 }));
    const into = await directory();
    await interrupted(server, into);
    server.handler = (request, response) => {
      if (request.headers.range !== undefined) response.writeHead(416).end();
      else serve(CONTENT)(request, response);
    };
    await start(server.url, into).result;
    expect(await held(into)).toEqual(CONTENT);
  });
});

describe('cancelling', () => {
  test('ends at once, keeps what has arrived, and a later try goes on', async () => {
    const server = await fileServer(serve(CONTENT, { etag: '"a"', silentAfter: 100_000 }));
    const into = await directory();
    const controller = new AbortController();
    const run = start(server.url, into, {
      signal: controller.signal,
      onEvent: (event) => {
        if ('have' in event && event.have === 100_000) controller.abort(new Error('enough'));
      },
    });
    await expect(run.result).rejects.toThrow('enough');
    expect((await names(into)).partial).toHaveLength(1);
    server.handler = serve(CONTENT, { etag: '"a"' });
    await start(server.url, into).result;
    expect(server.asked.at(-1)?.range).toBe('bytes=100000-');
    expect(await held(into)).toEqual(CONTENT);
  });

  test('ends a wait between attempts, and a request without an answer', async () => {
    const server = await fileServer((_, response) => response.writeHead(503).end());
    const into = await directory();
    const controller = new AbortController();
    const onEvent = ({ type }: DownloadEvent): void => {
      if (type === 'model-download:retrying') controller.abort(new Error('enough'));
    };
    const options = { signal: controller.signal, attempts: 9, retryMs: 1e6, onEvent };
    await expect(start(server.url, into, options).result).rejects.toThrow('enough');
    const second = new AbortController();
    server.handler = () => second.abort(new Error('enough too'));
    await expect(start(server.url, into, { signal: second.signal }).result).rejects.toThrow('enough too');
  });

  test('before the start asks nobody', async () => {
    const server = await fileServer(serve(CONTENT));
    const signal = AbortSignal.abort(new Error('never'));
    await expect(start(server.url, await directory(), { signal }).result).rejects.toThrow('never');
    expect(server.asked).toEqual([]);
  });
});

describe('several at once', () => {
  test('of one file: one fetches it, the others are told', async () => {
    const server = await fileServer(serve(CONTENT, { etag: '"a"', silentAfter: 1000 }));
    const into = await directory();
    const controller = new AbortController();
    const runs = [1, 2, 3, 4].map(() => start(server.url, into, { signal: controller.signal }));
    const ends: unknown[] = [];
    for (const run of runs) run.result.catch((error: unknown) => ends.push(error));
    await vi.waitFor(() => expect(ends).toHaveLength(3), { timeout: 10_000 });
    for (const error of ends) {
      expect(error).toBeInstanceOf(DownloadBusyError);
      expect(error).toMatchObject({ pid: process.pid, file: path.join(into, FILE) });
    }
    controller.abort(new Error('enough'));
    await vi.waitFor(() => expect(ends.at(-1)).toEqual(new Error('enough')));
  });

  test('of different files do not mind each other', async () => {
    const server = await fileServer(serve(CONTENT));
    const into = await directory();
    const get = (file: string): Promise<Downloaded> =>
      download({ url: server.url, directory: into, file }, { freeBytes: () => Promise.resolve(1e12) });
    await Promise.all([get('a.gguf'), get('a.gguf2'), get('a~b.gguf')]);
    expect((await names(into)).files.toSorted()).toEqual(['a.gguf', 'a.gguf2', 'a~b.gguf']);
  });

  test('what a killed process left is taken over', async () => {
    const server = await fileServer(serve(CONTENT, { etag: '"a"', silentAfter: 100_000 }));
    const into = await directory();
    const child = fork(path.join(import.meta.dirname, 'download-process.ts'), [server.url, into, FILE]);
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise((resolve) => child.once('message', resolve));
    await expect(start(server.url, into).result).rejects.toMatchObject({
      name: 'DownloadBusyError',
      pid: child.pid,
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    server.handler = serve(CONTENT, { etag: '"a"' });
    await start(server.url, into).result;
    expect(server.asked.at(-1)?.range).toBe('bytes=100000-');
    expect(await held(into)).toEqual(CONTENT);
  });
});

test('however often and wherever it breaks off, what comes out is the file', async () => {
  const server = await fileServer(serve(CONTENT));
  const into = await directory();
  let run = 0;
  const breaks = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(breaks, fc.integer({ min: 0, max: 60_000 }), async (places, length) => {
      const file = content(length, length);
      const target = path.join(into, `${run++}`);
      await mkdir(target);
      for (const breakAfter of places) {
        server.handler = serve(file, { etag: `"${run}"`, breakAfter });
        await start(server.url, target).result.catch((error: unknown) => {
          expect(error).toBeInstanceOf(DownloadFailedError);
        });
      }
      server.handler = serve(file, { etag: `"${run}"` });
      const { sha256: found } = await start(server.url, target).result;
      expect(found).toBe(sha256(file));
      expect(await held(target)).toEqual(file);
    }),
    { numRuns: 40 },
  );
});
