import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  installToolchain,
  type Installation,
  type InstallOptions,
} from '../../../lean-bundle/toolchains/install.ts';
import { withLock } from '../../../lean-bundle/toolchains/lock.ts';
import { pinnedAsset, pinnedToolchain, readPins } from '../../../lean-bundle/toolchains/pins.ts';
import {
  archiveOf,
  releaseServer,
  serve,
  sha256,
  temporaryDirectory,
  toolchainArchive,
  type ReleaseServer,
} from '../../support/release-server.ts';
import { PROJECT } from '../../support/paths.ts';

const VERSION = '9.9.9';
const NAME = `lean-${VERSION}-linux`;
const LIMITS = { bytes: 10e6, entries: 1000 };

interface Setting {
  readonly server: ReleaseServer;
  readonly archive: Buffer;
  readonly options: InstallOptions;
  readonly install: (more?: Partial<InstallOptions>) => Promise<Installation>;
  readonly names: () => Promise<string[]>;
}

async function setUp(archive?: Buffer): Promise<Setting> {
  const bytes = archive ?? (await toolchainArchive(VERSION));
  const server = await releaseServer(serve(bytes));
  const root = path.join(await temporaryDirectory(), 'toolchains');
  const asset = { url: `${server.url}/download/${NAME}.tar.zst`, size: bytes.length, sha256: sha256(bytes) };
  const options = {
    root,
    pin: { version: VERSION, assets: {} },
    asset,
    limits: LIMITS,
    pauseMs: 1,
    stallMs: 5000,
  };
  return {
    server,
    archive: bytes,
    options,
    install: (more = {}) => installToolchain({ ...options, ...more }),
    names: async () => (await readdir(root)).toSorted(),
  };
}

/** An installation in a process of its own. */
function start(options: InstallOptions): {
  out: () => string;
  kill: () => void;
  ended: Promise<number | null>;
} {
  const file = path.join(PROJECT, 'test/lean-bundle/toolchains/install-process.ts');
  const child = spawn(process.execPath, [file, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { out: () => out, kill: () => void child.kill('SIGKILL'), ended };
}

describe.skipIf(process.platform === 'win32')('an installation', () => {
  test('downloads, unpacks, tries and keeps a toolchain; the next one finds it', async () => {
    const { server, archive, install, names } = await setUp();
    const steps: string[] = [];
    const installed = await install({
      onProgress: ({ step }) => {
        if (steps.at(-1) !== step) steps.push(step);
      },
    });
    expect(steps).toEqual(['downloading', 'unpacking', 'installed']);
    expect(installed).toMatchObject({
      version: VERSION,
      size: archive.length,
      sha256: sha256(archive),
      verified: true,
    });
    expect(await readFile(path.join(installed.directory, 'bin', 'lean'), 'utf8')).toContain(VERSION);
    expect(await names()).toEqual([NAME]);
    expect(await install()).toEqual(installed);
    expect(server.ranges.length).toBe(1);
  });

  test.each<[string, (setting: Setting) => Promise<Partial<InstallOptions>>, RegExp]>([
    ['a wrong file', (setting) => { setting.server.handler = serve(randomBytes(setting.archive.length)); return Promise.resolve({}); }, /not the pinned file/],
    ['no server', (setting) => { setting.server.handler = (_, response) => response.destroy(); return Promise.resolve({}); }, /127\.0\.0\.1/],
    ['an archive that is too large', () => Promise.resolve({ limits: { bytes: 1000, entries: 5 } }), /too large|more than 5/],
    ['another version', () => Promise.resolve({ pin: { version: '9.9.8', assets: {} } }), /is Lean 9\.9\.9, not 9\.9\.8/],
    ['a full disk', () => Promise.resolve({ asset: { url: 'http://127.0.0.1/x.tar.zst', size: 1e15, sha256: sha256(Buffer.alloc(0)) } }), /GB free; .* GB are needed/],
  ])('that meets %s leaves nothing behind', async (_, change, message) => {
    const setting = await setUp();
    await expect(setting.install(await change(setting))).rejects.toThrow(message);
    expect(await setting.names()).toEqual([]);
  }); // prettier-ignore

  test('of what does not run here leaves nothing behind', async () => {
    const source = await temporaryDirectory();
    await mkdir(path.join(source, NAME, 'bin'), { recursive: true });
    await writeFile(path.join(source, NAME, 'bin', 'lean'), randomBytes(100), { mode: 0o755 });
    const { install, names } = await setUp(await archiveOf(source, [NAME]));
    await expect(install()).rejects.toThrow(/does not run on this machine/);
    expect(await names()).toEqual([]);
  });

  test('without a known digest is refused, unless that is accepted, and then said', async () => {
    const setting = await setUp();
    const asset = { ...setting.options.asset, size: null, sha256: null };
    await expect(setting.install({ asset })).rejects.toThrow(/no checksum .* --accept-unverified/);
    expect(setting.server.ranges).toEqual([]);
    expect(await setting.install({ asset, acceptUnverified: true })).toMatchObject({
      verified: false,
      sha256: sha256(setting.archive),
    });
  });

  test('that is cancelled keeps what has come of the archive, and nothing else', async () => {
    const setting = await setUp();
    const part = path.join(setting.options.root, `${NAME}.tar.zst.part`);
    setting.server.handler = (_, response) => {
      response.writeHead(200, { 'content-length': setting.archive.length });
      response.write(setting.archive.subarray(0, 100));
    };
    const abort = new AbortController();
    const work = setting.install({ signal: abort.signal });
    const stopped = expect(work).rejects.toThrow('enough');
    await vi.waitFor(async () => expect((await readFile(part)).length).toBe(100));
    abort.abort(new Error('enough'));
    await stopped;
    expect(await setting.names()).toEqual([path.basename(part), `${path.basename(part)}.json`]);
    setting.server.handler = serve(setting.archive);
    await setting.install();
    expect(setting.server.ranges.at(-1)).toBe('bytes=100-');
  });

  test('that was killed is gone on with by the next', async () => {
    const setting = await setUp();
    setting.server.handler = (_, response) => {
      response.writeHead(200, { 'content-length': setting.archive.length });
      response.write(setting.archive.subarray(0, 100));
    };
    const killed = start(setting.options);
    const part = path.join(setting.options.root, `${NAME}.tar.zst.part`);
    await vi.waitFor(async () => expect((await readFile(part)).length).toBe(100), { timeout: 20_000 });
    killed.kill();
    await killed.ended;
    // As if it had been unpacking.
    await mkdir(path.join(setting.options.root, `${NAME}.tmp-1-dead`, 'bin'), { recursive: true });
    setting.server.handler = serve(setting.archive);
    await setting.install();
    expect(await setting.names()).toEqual([NAME]);
  });

  test('at the same time as another waits for it and downloads nothing', async () => {
    const setting = await setUp();
    const held: (() => void)[] = [];
    setting.server.handler = (request, response) =>
      void held.push(() => serve(setting.archive)(request, response));
    const both = [start(setting.options), start(setting.options)];
    await vi.waitFor(() => expect(both.map(({ out }) => out()).join('')).toMatch(/waiting for another installation/), { timeout: 20_000 }); // prettier-ignore
    setting.server.handler = serve(setting.archive);
    for (const go of held) go();
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(setting.server.ranges.length).toBe(1);
    expect(await setting.names()).toEqual([NAME]);
  });
});

describe('a lock', () => {
  test('lets one at a time, waits, and can be given up', async () => {
    const file = path.join(await temporaryDirectory(), 'lock');
    const first = Promise.withResolvers<undefined>();
    const order: string[] = [];
    const work = withLock(file, async () => {
      await first.promise;
      order.push('first');
    });
    await vi.waitFor(async () => expect(await readFile(file, 'utf8')).toBe(String(process.pid)));
    const waiting = vi.fn();
    const second = withLock(file, () => Promise.resolve(order.push('second')), {
      onWait: waiting,
      pollMs: 5,
    });
    const third = withLock(file, () => Promise.resolve(), { signal: AbortSignal.timeout(50), pollMs: 5 });
    await expect(third).rejects.toThrow(/timeout/);
    first.resolve(undefined);
    await Promise.all([work, second]);
    expect(order).toEqual(['first', 'second']);
    expect(waiting).toHaveBeenCalledExactlyOnceWith(process.pid);
  });

  test('of a dead process is taken over, and so is a scrambled one', async () => {
    const file = path.join(await temporaryDirectory(), 'lock');
    for (const text of ['99999999', 'scrambled']) {
      await writeFile(file, text);
      expect(await withLock(file, () => Promise.resolve('done'))).toBe('done');
    }
    expect(await readdir(path.dirname(file))).toEqual([]);
  });

  test('is given back by what fails', async () => {
    const file = path.join(await temporaryDirectory(), 'lock');
    await expect(withLock(file, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await withLock(file, () => Promise.resolve('done'))).toBe('done');
  });
});

describe('the pins', () => {
  const pins = readPins();

  test('name an official release for each platform, whose address says which', () => {
    for (const { version, assets } of pins.toolchains) {
      for (const { url } of Object.values(assets)) {
        expect(url).toMatch(new RegExp(`^https://.*/v${version}/lean-${version}-[a-z0-9_]+\\.tar\\.zst$`));
      }
      const urls = Object.values(assets).map(({ url }) => url);
      expect(new Set(urls).size).toBe(urls.length);
    }
    expect(pinnedAsset(pinnedToolchain(pins), 'linux', 'x64')).toMatchObject({ size: 520_948_633 });
    expect(pinnedToolchain(pins, 'v4.28.0')).toBe(pinnedToolchain(pins, '4.28.0'));
  });

  test('say what is not among them', () => {
    expect(() => pinnedToolchain(pins, '1.0.0')).toThrow(/Lean 1\.0\.0 is not among .*: 4\.28\.0/);
    expect(() => pinnedAsset(pinnedToolchain(pins), 'aix', 'ppc64')).toThrow(/no official Lean .* aix-ppc64/);
  });

  test('hold a Mathlib for a toolchain that can be installed', () => {
    for (const { lean } of pins.mathlib) expect(pinnedToolchain(pins, lean).version).toBe(lean);
  });
});
