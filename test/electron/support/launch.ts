import { fork, type ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { PROJECT, TEST_CACHE } from '../../support/paths.ts';
import type * as Substitute from '../substitute/electron.ts';

export type Electron = typeof Substitute;

/** Packages are found from here upwards. A directory a process, as two test files may build at one time. */
const BUILT = path.join(TEST_CACHE, `electron-${process.pid}`);
const CONFIG = path.join(PROJECT, 'vite.electron.config.ts');
const SILENT = { configFile: CONFIG, logLevel: 'error' } as const;
let building: Promise<string> | undefined;

/** Builds main, preload and the node's process as for release, beside a page of the test's own. Returns `dist`'s stand-in. */
export function buildApp(): Promise<string> {
  building ??= (async () => {
    const app = path.join(BUILT, 'electron');
    await build({ ...SILENT, build: { outDir: app } });
    await buildPreload();
    await mkdir(path.join(BUILT, 'renderer/assets'), { recursive: true });
    await writeFile(
      path.join(BUILT, 'renderer/index.html'),
      '<!doctype html><title>Test page</title><p>page</p>',
    );
    await writeFile(path.join(BUILT, 'renderer/assets/key.pem'), 'secret');
    await writeFile(path.join(BUILT, 'secret.html'), 'secret');
    return BUILT;
  })();
  return building;
}

/** As for release. Returns its file. */
export async function buildPreload(): Promise<string> {
  const outDir = path.join(BUILT, 'electron/electron/preload');
  await build({ ...SILENT, mode: 'preload', build: { outDir } });
  return path.join(outDir, 'preload.cjs');
}

export async function removeBuild(): Promise<void> {
  // The next file may be run by this process, and builds anew.
  building = undefined;
  await rm(BUILT, { recursive: true, force: true, maxRetries: 5 });
}

export interface LaunchOptions {
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Shared by apps that are to be instances of one. */
  readonly directory?: string;
  /** Another app still uses it. */
  readonly keepDirectory?: boolean;
  /** Of a renderer that has been built, in place of the test's own page. */
  readonly renderer?: string;
}

/** The app, run by Node over the substitute. */
export class RunningApp implements AsyncDisposable {
  readonly directory: string;
  readonly exited: Promise<number | null>;
  output = '';
  readonly #process: ChildProcess;
  readonly #keepDirectory: boolean;
  readonly #waiting = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  #last = 0;

  private constructor(child: ChildProcess, directory: string, keepDirectory: boolean) {
    this.#process = child;
    this.#keepDirectory = keepDirectory;
    this.directory = directory;
    this.exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    child.on('message', (raw) => {
      const answer = raw as { id: number; value?: unknown; error?: string };
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    void this.exited.then(() => {
      for (const answer of this.#waiting.values()) answer({ error: `the app has ended: ${this.output}` });
    });
  }

  static async launch(options: LaunchOptions = {}): Promise<RunningApp> {
    const { args = [], env = {}, directory, keepDirectory = false, renderer } = options;
    const built = await buildApp();
    if (renderer !== undefined) await cp(renderer, path.join(built, 'renderer'), { recursive: true });
    const data = directory ?? (await mkdtemp(path.join(tmpdir(), 'proofswarm-app-')));
    const child = fork(path.join(built, 'electron/electron/main/main.js'), [...args], {
      execArgv: [
        '--disable-warning=ExperimentalWarning',
        `--import=${new URL('../substitute/register.ts', import.meta.url).href}`,
        `--import=${new URL('../substitute/remote.ts', import.meta.url).href}`,
      ],
      env: {
        ...process.env,
        DISPLAY: ':0',
        XDG_SESSION_TYPE: 'x11',
        XDG_CONFIG_HOME: path.join(data, 'config'),
        PROOFSWARM_DATA: path.join(data, 'data'),
        PROOFSWARM_CACHE: TEST_CACHE,
        SUBSTITUTE_LOCK: path.join(data, 'lock'),
        SUBSTITUTE_RESOURCES: data,
        NODE_OPTIONS: '',
        ...env,
      },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return new RunningApp(child, data, keepDirectory);
  }

  /** Runs a function in the app's main process; its text crosses, so it can use nothing but its arguments. */
  evaluate<R, A>(run: (electron: Electron, argument: A) => R | Promise<R>, argument?: A): Promise<R> {
    const id = ++this.#last;
    return new Promise<R>((resolve, reject) => {
      this.#waiting.set(id, ({ value, error }) => {
        if (error === undefined) resolve(value as R);
        else reject(new Error(error));
      });
      if (!this.#process.connected) throw new Error(`the app has ended: ${this.output}`);
      this.#process.send({ id, source: run.toString(), argument });
    });
  }

  /** Runs a function's text in the app's page. */
  page<R>(expression: string): Promise<R> {
    return this.evaluate(async ({ BrowserWindow }, text) => {
      const page = await BrowserWindow.all[0]?.webContents.ready;
      if (page === undefined) throw new Error('there is no window');
      return page.evaluate<unknown>(text);
    }, expression) as Promise<R>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.connected) {
      await this.evaluate(({ app }) => app.quit()).catch(() => undefined);
    }
    const limit = setTimeout(() => this.#process.kill('SIGKILL'), 20_000);
    await this.exited;
    clearTimeout(limit);
    if (this.#keepDirectory) return;
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
