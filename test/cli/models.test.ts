import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTransferProgress } from '../../core/cli/transfer-progress.ts';
import { DownloadFailedError } from '../../core/policy/models/index.ts';
import { tinyModel } from '../policy/models/gguf-bytes.ts';
import { fileServer, serve } from '../policy/models/server.ts';
import { captured, runHere, start, temporaryDirectory } from './run.ts';

const MODEL = tinyModel();
const SHA256 = createHash('sha256').update(MODEL).digest('hex');

type Result = ReturnType<typeof runHere>;
const models = (data: string, ...args: string[]): Result => runHere('models', ...args, '--data', data);

async function localModel(): Promise<string> {
  const file = path.join(await temporaryDirectory(), 'Tiny Prover.gguf');
  await writeFile(file, MODEL);
  return file;
}

describe('models list', () => {
  test('shows what can be fetched, and what of it is not confirmed', async () => {
    const { code, out, err } = await models(await temporaryDirectory(), 'list');
    expect(code).toBe(0);
    expect(out).toMatch(/^model +size +context +prompt +licence +state\n─/);
    expect(out).toMatch(/^oprover-8b-q4_k_m\? +~5\.0 GB +40960 +oprover +Apache-2\.0$/m);
    expect(out).toMatch(/^qwen3-8b-q4_k_m +5\.0 GB +40960 +generic +Apache-2\.0$/m);
    expect(err).toMatch(/\? nobody has confirmed this/);
  });

  test('shows what is here first, and which of it is in use', async () => {
    const data = await temporaryDirectory();
    const file = await localModel();
    await models(data, 'add', file, '--family', 'goedel');
    await models(data, 'use', 'tiny-prover');
    const { out } = await models(data, 'list');
    expect(out.split('\n')[2]).toMatch(
      /^tiny-prover +53 kB +goedel +apache-2\.0 +here, at .*Tiny Prover\.gguf, in use$/,
    );
    await rm(file);
    expect((await models(data, 'list')).out).toContain('in use (missing)');
    const { installed, chosen } = JSON.parse((await models(data, 'list', '--json')).out) as {
      installed: unknown[];
      chosen: unknown;
    };
    expect(installed).toMatchObject([{ state: 'missing', record: { id: 'tiny-prover' } }]);
    expect(chosen).toEqual({ model: 'tiny-prover', promptFamily: 'goedel' });
  });

  test('says which record is damaged', async () => {
    const data = await temporaryDirectory();
    await models(data, 'add', await localModel());
    await writeFile(path.join(data, 'models', 'tiny-prover.json'), '{');
    const { code, err } = await models(data, 'list');
    expect(code).toBe(0);
    expect(err).toMatch(/tiny-prover\.json: is no record of a model; delete it/);
  });
});

describe('models show', () => {
  test('tells what is in a file', async () => {
    const { code, out } = await models(await temporaryDirectory(), 'show', await localModel());
    expect(code).toBe(0);
    expect(out).toMatch(/^name +Tiny Prover\narchitecture +qwen3\n/m);
    expect(out).toMatch(/^quantisation +Q8_0$/m);
    expect(out).toMatch(/^context +4096 tokens$/m);
    expect(out).toMatch(/^KV cache +128 B a token \(f16\)$/m);
  });

  test('tells what is listed, and what of it is not confirmed', async () => {
    const { out } = await models(await temporaryDirectory(), 'show', 'oprover-8b:Q8_0');
    expect(out).toMatch(/^model +OProver-8B \(oprover-8b-q8_0\)$/m);
    expect(out).toMatch(/^sha256 +told by the server$/m);
    expect(out).toMatch(/^unconfirmed +repository, file$/m);
  });

  test.each<[string, Buffer, RegExp]>([
    ['is no model', Buffer.from('hello'), /it is no GGUF file\n$/],
    ['was cut short', MODEL.subarray(0, 30_000), /it is cut short: 30000 bytes/],
    ['steers the terminal', tinyModel([['\x1b[2J', { raw: Buffer.alloc(0), type: 99 }]]), /unknown type 99/],
  ])('says in one line that a file %s', async (_, bytes, message) => {
    const file = path.join(await temporaryDirectory(), 'a.gguf');
    await writeFile(file, bytes);
    const { code, out, err } = await models(await temporaryDirectory(), 'show', file);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).not.toContain('\x1b');
  });
});

describe('models get', () => {
  test('fetches, checks and describes a model, and removes it again', async () => {
    const data = await temporaryDirectory();
    const server = await fileServer(serve(MODEL, { etag: '"a"' }));
    const url = `${server.url}/Tiny.gguf`;
    const got = await models(data, 'get', url, '--sha256', SHA256);
    expect(got.code).toBe(0);
    expect(got.out).toMatch(new RegExp(`^sha256 +${SHA256} \\(as listed\\)$`, 'm'));
    expect(got.err).toMatch(/^Fetching http:.*Tiny\.gguf \(53 kB\)\n/);
    expect(got.err).toMatch(/^100% of /m);
    expect(got.err).toMatch(/tiny is here, .*models use tiny\n$/);
    expect(await models(data, 'remove', 'tiny')).toEqual({
      code: 0,
      out: expect.stringMatching(/^tiny deleted, 53 kB freed\n$/) as string,
      err: '',
    });
  });

  test('fetches a model of the list by its name', async () => {
    const data = await temporaryDirectory();
    const server = await fileServer((request, response) => {
      if (request.url !== '/me/Tiny-GGUF/resolve/main/Tiny.Q8_0.gguf') response.writeHead(404).end();
      else serve(MODEL)(request, response);
    });
    const list = path.join(data, 'models.json');
    const text = await readFile(path.join(import.meta.dirname, '../../resources/models.json'), 'utf8');
    const manifest = JSON.parse(text) as { models: Record<string, unknown>[] };
    const [first] = manifest.models;
    const file = (name: string): object => ({
      quantisation: name,
      repository: 'me/Tiny-GGUF',
      file: `Tiny.${name}.gguf`,
    });
    manifest.models = [{ ...first, id: 'tiny', files: [file('Q8_0'), file('Q4_0')] }];
    // The list allows https only; what is tested here is the way from a name to a request.
    await writeFile(list, JSON.stringify(manifest));
    vi.stubEnv('PROOFSWARM_MODELS', list);
    onTestFinished(() => void vi.unstubAllEnvs());
    const real = globalThis.fetch;
    vi.stubGlobal('fetch', (url: URL, init: RequestInit) =>
      real(new URL(`${server.url}${url.pathname}`), init),
    );
    onTestFinished(() => void vi.unstubAllGlobals());
    expect(await models(data, 'get', 'tiny', '--json')).toMatchObject({ code: 0 });
    const { out } = await models(data, 'list');
    expect(out).toMatch(/^tiny-q8_0 +53 kB +oprover +Apache-2\.0 +here$/m);
    expect(await models(data, 'get', 'tiny:q4_0')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/Tiny\.Q4_0\.gguf: there is no such file \(404\)\n$/) as string,
    });
  });

  test('stops at Ctrl-C, keeps what has arrived, and goes on with the same command', async () => {
    const data = await temporaryDirectory();
    const server = await fileServer(serve(MODEL, { etag: '"a"', silentAfter: 50_000 }));
    const args = ['models', 'get', `${server.url}/Tiny.gguf`];
    const running = start(args, { data });
    await vi.waitFor(() => expect(running.text.err).toMatch(/^\d+% of/m), { timeout: 30_000 });
    running.child.kill('SIGINT');
    expect(await running.finished).toMatchObject({
      code: 130,
      err: expect.stringMatching(/What has arrived is kept/) as string,
    });
    server.handler = serve(MODEL, { etag: '"a"' });
    const second = await start(args, { data }).finished;
    expect(second).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^Going on after \d+ kB with/m) as string,
    });
    expect(server.asked.at(-1)?.range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test.each<[string[], RegExp]>([
    [['nothing'], /nothing: no such model in the list/],
    [['http://example.org/m.gguf'], /only https is used/],
    [['qwen3-8b:Q1'], /is listed in Q4_K_M, Q8_0/],
    [['qwen3-8b', '--family', 'poets'], /no prompt family poets; known are oprover/],
    [['qwen3-8b', '--sha256', '12'], /64 hexadecimal digits/],
    [['qwen3-8b', '--id', '../up'], /cannot have that id/],
  ])('refuses %j', async (args, message) => {
    const { code, out, err } = await models(await temporaryDirectory(), 'get', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });
});

describe('models use', () => {
  test('keeps the choice and its options, until there is none', async () => {
    const data = await temporaryDirectory();
    await models(data, 'add', await localModel());
    const options = [
      '--gpu',
      'cpu',
      '--gpu-layers',
      '0',
      '--context',
      '4096',
      '--parallel',
      '8',
      '--threads',
      '3',
    ];
    expect(await models(data, 'use', 'tiny-prover', ...options, '--family', 'oprover')).toEqual({
      code: 0,
      out: 'tiny-prover is used.\n',
      err: '',
    });
    expect(JSON.parse(await readFile(path.join(data, 'settings.json'), 'utf8'))).toEqual({
      version: 1,
      model: {
        model: 'tiny-prover',
        promptFamily: 'oprover',
        gpu: 'cpu',
        gpuLayers: 0,
        contextSize: 4096,
        slots: 8,
        threads: 3,
      },
    });
    expect(await models(data, 'remove', 'tiny-prover')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/forgotten; .* stays where it is/) as string,
      err: expect.stringMatching(/It was the model in use/) as string,
    });
    expect(await models(data, 'use', '--none')).toMatchObject({ code: 0, out: 'No model is used.\n' });
    expect(JSON.parse(await readFile(path.join(data, 'settings.json'), 'utf8'))).toEqual({ version: 1 });
  });

  test('takes a file as it is', async () => {
    const data = await temporaryDirectory();
    const file = await localModel();
    expect(await models(data, 'use', file, '--json')).toMatchObject({
      code: 0,
      out: `${JSON.stringify({ model: file })}\n`,
    });
  });

  test.each<[string[], RegExp]>([
    [[], /name the model to be used, or --none/],
    [['qwen3-8b', '--none'], /name the model to be used, or --none/],
    [['qwen3-8b'], /not here yet; get it first: proofswarm models get qwen3-8b-q4_k_m/],
    [['nothing'], /no such model here/],
    [['qwen3-8b', '--gpu', 'abacus'], /Allowed choices are auto, cuda/],
    [['qwen3-8b', '--gpu-layers', '-1'], /whole number up to 10000/],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await models(await temporaryDirectory(), 'use', ...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test('refuses limits that no engine keeps, and a model that has changed', async () => {
    const data = await temporaryDirectory();
    const file = await localModel();
    await models(data, 'add', file);
    expect((await models(data, 'use', 'tiny-prover', '--context', '100')).err).toMatch(
      /--context is from 256/,
    );
    await writeFile(file, Buffer.concat([MODEL, Buffer.alloc(32)]));
    expect((await models(data, 'use', 'tiny-prover')).err).toMatch(
      /has changed since it was added; add it again/,
    );
  });
});

describe('models estimate', () => {
  test('says what a model takes, what there is, and that it fits', async () => {
    const { code, out } = await models(
      await temporaryDirectory(),
      'estimate',
      await localModel(),
      '--parallel',
      '2',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/: 47 kB of weights in 2 layers\nThis machine: .* RAM free; /);
    expect(out).toMatch(/^KV cache of 2 rollouts at one time\ncontext +f16 +q8_0 +q4_0\n/m);
    expect(out).toMatch(/^ +4096 +1\.0 MB +557 kB +295 kB$/m);
    expect(out).toMatch(/^With 2 × 4096 tokens \(f16\): 47 kB weights \+ 1\.0 MB cache/m);
    expect(out).toMatch(/^It fits /m);
  });

  test('says that a giant does not fit, and what would, before it is fetched', async () => {
    const args = ['qwen3-32b', '--parallel', '1000', '--context', '40960'];
    const { code, out } = await models(await temporaryDirectory(), 'estimate', ...args);
    expect(code).toBe(1);
    expect(out).toMatch(/^It does not fit\.\n(?:It would fit with|A file of at most)/m);
    const json = await models(await temporaryDirectory(), 'estimate', ...args, '--json');
    expect(JSON.parse(json.out)).toMatchObject({ placement: { kind: 'none' }, load: { slots: 1000 } });
  });
});

describe('the progress of a download', () => {
  test('is a line that is rewritten on a terminal, ended before anything else is said', () => {
    const terminal = captured(true);
    let time = 0;
    const progress = createTransferProgress(terminal, () => time);
    progress.onEvent({ type: 'model-download:started', url: 'https://a/m', bytes: 4e9, have: 1e9 });
    time = 1000;
    progress.onEvent({ type: 'model-download:progress', bytes: 4e9, have: 2e9 });
    const error = new DownloadFailedError('https://a/m', 'broke off');
    progress.onEvent({ type: 'model-download:retrying', error, inSeconds: 2 });
    progress.onEvent({ type: 'model-download:restarted', because: 'the file has changed' });
    progress.stop();
    expect(terminal.err.text).toBe(
      [
        'Going on after 1.0 GB with https://a/m (4.0 GB)\n',
        '\r\x1b[K50% of 4.0 GB, 1.0 GB/s, 2.0 s left',
        '\r\x1b[Khttps://a/m: broke off; trying again in 2.0 s\n',
        'Beginning anew: the file has changed\n',
      ].join(''),
    );
  });

  test('is a line for each tenth elsewhere', () => {
    const terminal = captured();
    const progress = createTransferProgress(terminal, () => 0);
    for (let have = 0; have <= 100; have++) {
      progress.onEvent({ type: 'model-download:verifying', bytes: 100, have });
    }
    progress.stop();
    expect(terminal.err.text.trimEnd().split('\n')).toHaveLength(11);
  });
});
