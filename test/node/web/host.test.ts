import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import http, { type IncomingHttpHeaders } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { snapshotSchema, streamMessageSchema, type StreamMessage } from '../../../core/api/index.ts';
import { openNode, type OpenNode } from '../../../core/node/service/index.ts';
import { WebHost, WebListenError } from '../../../core/node/web/index.ts';
import { TEST_CACHE } from '../../support/paths.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let directory: string;
let node: OpenNode;
let host: WebHost;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-web-'));
  const files = path.join(directory, 'renderer');
  await mkdir(path.join(files, 'assets'), { recursive: true });
  await writeFile(path.join(files, 'index.html'), '<!doctype html><title>Proofswarm</title>');
  await writeFile(path.join(files, 'assets/app-0a1b2c3d.js'), 'export {};');
  await writeFile(path.join(files, 'assets/key.pem'), 'secret');
  await writeFile(path.join(directory, 'secret.txt'), 'secret');
  await symlink(path.join(directory, 'secret.txt'), path.join(files, 'assets/link.txt'));
  node = await openNode({ locations: { data: path.join(directory, 'data'), cache: TEST_CACHE } });
  host = await WebHost.listen({ service: node.service }, { port: 0, files });
});

afterAll(async () => {
  await host.close();
  await node[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
});

/** A request as any program can make it: every header is the sender's choice. */
function ask(
  target: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port: host.port,
        path: target,
        method,
        headers: { host: `127.0.0.1:${host.port}`, ...headers },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** What a browser's session sends with each request: the cookie by itself, the key by the page's doing. */
async function enter(): Promise<{ cookie: string; 'x-proofswarm-key': string }> {
  const { status, headers } = await ask(new URL(host.invitation()).search.replace(/^/, '/'));
  expect(status).toBe(303);
  return {
    cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '',
    'x-proofswarm-key': /#key=(.+)$/.exec(headers.location ?? '')?.[1] ?? '',
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const snapshot = (headers: Record<string, string>): Promise<Answer> =>
  ask('/api/call/api.snapshot', { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body: '{}' });

describe('a host', () => {
  test('says in words that its port is taken, and how to take another', async () => {
    const other = WebHost.listen({ service: node.service }, { port: host.port, files: directory });
    await expect(other).rejects.toThrow(WebListenError);
    await expect(other).rejects.toThrow(
      `port ${host.port} is taken; choose another with --web, or 0 for any that is free`,
    );
  });

  test('says which ports not everybody may have', () => {
    const cause = Object.assign(new Error('listen EACCES: permission denied 127.0.0.1:80'), {
      code: 'EACCES',
    });
    expect(new WebListenError(80, cause).message).toBe(
      'the page cannot be served on port 80: ports below 1024 need rights that you do not have',
    );
  });

  test('knows whether there is a page', async () => {
    expect(await host.hasPage()).toBe(true);
    await using bare = await WebHost.listen({ service: node.service }, { port: 0, files: directory });
    expect(await bare.hasPage()).toBe(false);
  });
});

describe('with the token', () => {
  test('the address opens a session once, and the token is gone from the address bar', async () => {
    const target = host.invitation().replace(/^http:\/\/[^/]+/, '');
    const first = await ask(target);
    expect(first.status).toBe(303);
    expect(first.headers.location).toMatch(/^\/#key=[\w-]{43}$/);
    expect(first.headers['set-cookie']?.[0]).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await ask(target)).status).toBe(401);
  });

  test('a session reads the page and calls commands', async () => {
    const session = await enter();
    const page = await ask('/', { headers: session });
    expect(page.body).toContain('Proofswarm');
    expect((await ask('/prove/anything', { headers: session })).body).toBe(page.body);
    const answer = JSON.parse((await snapshot(session)).body) as { ok: boolean; output: unknown };
    expect(snapshotSchema.parse(answer.output).state.node.peer).toMatch(/^12D3/);
  });

  test('files are served with their type, hashed ones to be kept', async () => {
    const session = await enter();
    const script = await ask('/assets/app-0a1b2c3d.js', { headers: session });
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=31536000, immutable',
    });
  });

  test('every answer carries the policy, refusals too', async () => {
    const session = await enter();
    for (const answer of [
      await ask('/', { headers: session }),
      await ask('/'),
      await ask('/x', { method: 'PUT' }),
    ]) {
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test("the command line's secret works as well, and no other", async () => {
    expect((await snapshot({ authorization: `Bearer ${host.bearer}` })).status).toBe(200);
    expect((await snapshot({ authorization: `Bearer ${host.bearer.slice(1)}` })).status).toBe(401);
    expect((await snapshot({ authorization: 'Bearer ' })).status).toBe(401);
  });
});

describe('a hostile request', () => {
  test.each(['/', '/index.html', '/assets/app-0a1b2c3d.js', '/api/events', '/prove'])(
    'without a token gets nothing: %s',
    async (target) => {
      const { status, body } = await ask(target);
      expect(status).toBe(401);
      expect(body).not.toContain('Proofswarm');
    },
  );

  test('of a server on another port, which was handed the cookie by the browser, gets no data', async () => {
    const { cookie } = await enter();
    const other = await enter();
    expect((await ask('/', { headers: { cookie } })).status).toBe(200);
    for (const key of ['', 'x'.repeat(43), other['x-proofswarm-key']]) {
      const headers = { cookie, 'x-proofswarm-key': key };
      expect((await snapshot(headers)).status).toBe(401);
      expect((await ask('/api/invite', { method: 'POST', headers })).status).toBe(401);
      expect((await ask(`/api/events?key=${key}`, { headers: { cookie } })).status).toBe(401);
    }
    const [bare, keyOnly] = [
      await snapshot({ cookie }),
      await snapshot({ 'x-proofswarm-key': other['x-proofswarm-key'] }),
    ];
    expect([bare.status, keyOnly.status]).toEqual([401, 401]);
  });

  test('of a name that was pointed here (DNS rebinding) gets nothing, even with the cookie', async () => {
    const session = await enter();
    for (const name of [
      'evil.example',
      `evil.example:${host.port}`,
      '127.0.0.1',
      `127.0.0.1:${host.port + 1}`,
      'localhost.evil.example',
    ]) {
      expect((await ask('/', { headers: { ...session, host: name } })).status).toBe(421);
    }
  });

  test('of another site gets nothing, even with the cookie', async () => {
    const session = await enter();
    for (const origin of [
      'https://evil.example',
      'null',
      `http://127.0.0.1:${host.port + 1}`,
      `https://127.0.0.1:${host.port}`,
    ]) {
      expect((await snapshot({ ...session, origin })).status).toBe(403);
      expect((await ask('/api/events', { headers: { ...session, origin } })).status).toBe(403);
    }
    // Another server on this machine is the same site, but another origin.
    const fetched = { ...session, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' };
    expect((await ask('/assets/app-0a1b2c3d.js', { headers: fetched })).status).toBe(403);
    const link = { ...session, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' };
    expect((await ask('/api/events', { headers: link })).status).toBe(403);
    expect((await ask('/', { headers: link })).status).toBe(200);
    const framed = { ...link, 'sec-fetch-dest': 'iframe' };
    expect((await ask('/', { headers: framed })).status).toBe(403);
  });

  test('that a form can send is no command', async () => {
    const session = await enter();
    const form = { ...session, 'content-type': 'text/plain' };
    expect((await ask('/api/call/api.snapshot', { method: 'POST', headers: form, body: '{}' })).status).toBe(
      405,
    );
    expect((await ask('/api/call/api.snapshot', { headers: session })).status).toBe(405);
  });

  test('for files beside the page gets nothing', async () => {
    const session = await enter();
    const targets = [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/assets/%2e%2e/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
      '/assets/link.txt',
      '/assets/key.pem',
      '/assets/app-0a1b2c3d.js%00.txt',
      '/%c0%ae%c0%ae/secret.txt',
      '//etc/hostname.txt',
    ];
    for (const target of targets) {
      const { status, body } = await ask(target, { headers: session });
      expect([target, status]).toEqual([target, 404]);
      expect(body).not.toContain('secret');
    }
  });

  test('that guesses tokens is refused the sooner, and keeps nobody with a right one out', async () => {
    const tries = await Promise.all(Array.from({ length: 60 }, (_, n) => ask(`/?token=guess${n}`)));
    expect(tries.filter(({ status }) => status === 429).length).toBeGreaterThan(20);
    expect(tries.some(({ status }) => status < 400)).toBe(false);
    expect((await enter()).cookie).not.toBe('');
  });

  test('of too many bytes, of no JSON, or for no command is refused and harms nothing', async () => {
    const session = await enter();
    const call = (name: string, body: string): Promise<Answer> =>
      ask(`/api/call/${name}`, { method: 'POST', headers: { ...session, ...JSON_TYPE }, body });
    expect((await call('prove.start', `"${'x'.repeat(1_100_000)}"`)).status).toBe(413);
    expect((await call('prove.start', '{')).body).toContain('bad-input');
    expect(JSON.parse((await call('prove.start', '{"source":{"kind":"text"}}')).body)).toEqual({
      ok: false,
      error: {
        code: 'bad-input',
        message: 'prove.start: source.text: Invalid input: expected string, received undefined',
      },
    });
    expect((await call('prove.explode', '{}')).body).toContain('unknown-command');
    expect((await call('to.string', '{"__proto__":{"x":1}}')).body).toContain('unknown-command');
    expect((await snapshot(session)).status).toBe(200);
  });

  test('whose body never ends does not keep others from being served', async () => {
    const session = await enter();
    const socket = net.connect(host.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `POST /api/call/api.snapshot HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nCookie: ${session.cookie}\r\n` +
        `X-Proofswarm-Key: ${session['x-proofswarm-key']}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    );
    expect((await snapshot(session)).status).toBe(200);
    socket.destroy();
  });
});

describe('events', () => {
  /** Reads messages until told to stop. */
  function listen(headers: Record<string, string>) {
    const messages: StreamMessage[] = [];
    const ids: string[] = [];
    const request = http.get({
      host: '127.0.0.1',
      port: host.port,
      path: '/api/events',
      headers: { host: `127.0.0.1:${host.port}`, ...headers },
    });
    let text = '';
    request.on('response', (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const data = /^data: (.*)$/m.exec(block)?.[1];
          const id = /^id: (.*)$/m.exec(block)?.[1];
          if (data !== undefined) messages.push(streamMessageSchema.parse(JSON.parse(data)));
          if (id !== undefined) ids.push(id);
        }
      });
      response.on('error', () => undefined);
    });
    request.on('error', () => undefined);
    return { messages, ids, stop: () => request.destroy() };
  }

  const notify = (title: string): void => node.service.notify({ severity: 'information', title });

  test('begin with a snapshot; who comes back goes on where it was', async () => {
    const session = await enter();
    const first = listen(session);
    await vi.waitFor(() => expect(first.messages[0]?.kind).toBe('snapshot'));
    notify('one');
    await vi.waitFor(() => expect(first.messages).toHaveLength(2));
    first.stop();
    notify('two');
    notify('three');
    const second = listen({ ...session, 'last-event-id': first.ids.at(-1) ?? '' });
    await vi.waitFor(() => expect(second.messages).toHaveLength(2));
    const titles = second.messages.map((message) =>
      message.kind === 'event' && message.event.event.type === 'notice:added'
        ? message.event.event.notice.title
        : message.kind,
    );
    expect(titles).toEqual(['two', 'three']);
    second.stop();
  });

  test('of an earlier start of the node are answered with a snapshot', async () => {
    const session = await enter();
    for (const id of ['another-epoch.3', `${node.service.hub.epoch}.99999999`, 'rubbish']) {
      const stream = listen({ ...session, 'last-event-id': id });
      await vi.waitFor(() => expect(stream.messages[0]?.kind).toBe('snapshot'));
      stream.stop();
    }
  });

  test('do not outlive the host, which closes at once', async () => {
    const files = path.join(directory, 'renderer');
    const other = await WebHost.listen({ service: node.service }, { port: 0, files });
    const request = http.get({
      host: '127.0.0.1',
      port: other.port,
      path: '/api/events',
      headers: { host: `127.0.0.1:${other.port}`, authorization: `Bearer ${other.bearer}` },
    });
    const ended = new Promise((resolve) => request.on('error', resolve).on('close', resolve));
    await new Promise((resolve) => request.on('response', resolve));
    const started = performance.now();
    await other.close();
    await ended;
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('a port that is taken is told of', async () => {
    const files = path.join(directory, 'renderer');
    await expect(WebHost.listen({ service: node.service }, { port: host.port, files })).rejects.toThrow(
      `port ${host.port}`,
    );
  });
});
