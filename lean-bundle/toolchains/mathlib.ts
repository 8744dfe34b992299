import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { ToolchainError } from './errors.ts';
import { requireSpace, type InstallProgress } from './install.ts';
import { withLock } from './lock.ts';
import type { PinnedMathlib } from './pins.ts';

/** Starts a program in a process group of its own and ends the group when the signal is aborted. */
export type RunCommand = (
  command: {
    readonly file: string;
    readonly args: readonly string[];
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
  },
  options: { readonly signal: AbortSignal; readonly onLine: (line: string) => void },
) => Promise<{ readonly code: number | undefined; readonly problem: string }>;

export interface PrepareMathlibOptions {
  /** Where libraries are prepared, each in a directory of its own. */
  readonly root: string;
  readonly pin: PinnedMathlib;
  /** The toolchain's `lake`; `lean` lies beside it. */
  readonly lake: string;
  readonly run: RunCommand;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: InstallProgress) => void;
  /** A `lake` that prints nothing for so long is given up. */
  readonly stallMs?: number;
  /** What is needed on the disk; what Mathlib takes where not given. */
  readonly bytes?: number;
}

/** A library that is ready to be imported. */
export interface PreparedLibrary {
  readonly directory: string;
  readonly revision: string;
  /** Directories for `LEAN_PATH`. */
  readonly leanPath: readonly string[];
}

const NOTE = 'proofswarm-prepared.json';
const noteSchema = z.strictObject({ revision: z.string(), leanPath: z.array(z.string()) });
const manifestSchema = z.object({
  packages: z.array(z.object({ name: z.string(), rev: z.string().optional() })),
});
/** Mathlib is 6.8 GB unpacked, and 0.5 GB on its way. */
const MATHLIB_BYTES = 9e9;
const STALL_MS = 600_000;
const BUILT = path.join('.lake', 'build', 'lib', 'lean');

/**
 * Prepares Mathlib: a project that pins its commit, `lake update`, `lake exe cache get`. A preparation that was cut off is
 * gone on with. Nobody but the cache's server vouches for the `.olean` files that it sends: docs/native-sandbox.md.
 * @throws ToolchainError; the signal's reason where it is aborted
 */
export async function prepareMathlib(options: PrepareMathlibOptions): Promise<PreparedLibrary> {
  const { root, pin, signal, onProgress = () => {} } = options;
  const directory = mathlibDirectory(root, pin);
  const onWait = (pid: number): void =>
    onProgress({ step: `waiting for another preparation (process ${pid})` });
  const prepared = await readPrepared(directory);
  if (prepared !== undefined) return prepared;
  return withLock(
    `${directory}.lock`,
    async () => (await readPrepared(directory)) ?? (await prepare(options, directory)),
    { signal, onWait },
  );
}

/** Where below `root` a Mathlib is prepared. */
export function mathlibDirectory(root: string, { revision }: Pick<PinnedMathlib, 'revision'>): string {
  return path.join(root, `mathlib-${revision.slice(0, 12)}`);
}

/** The library prepared in a directory; undefined where none is whole. */
export async function readPrepared(directory: string): Promise<PreparedLibrary | undefined> {
  try {
    const note = noteSchema.parse(JSON.parse(await readFile(path.join(directory, NOTE), 'utf8')));
    return { ...note, leanPath: note.leanPath.map((item) => path.join(directory, item)), directory };
  } catch {
    return undefined;
  }
}

async function prepare(options: PrepareMathlibOptions, directory: string): Promise<PreparedLibrary> {
  const { pin, bytes = MATHLIB_BYTES } = options;
  await requireSpace(directory, bytes);
  await writeFile(path.join(directory, 'lean-toolchain'), `leanprover/lean4:v${pin.lean}\n`);
  await writeFile(path.join(directory, 'lakefile.toml'), lakefile(pin));
  await runLake(options, directory, ['update', 'mathlib'], 'fetching Mathlib');
  await requireRevision(directory, pin.revision);
  await runLake(options, directory, ['exe', 'cache', 'get'], 'fetching what is built of Mathlib');
  const leanPath = await builtPackages(directory);
  const note = { revision: pin.revision, leanPath };
  await writeFile(path.join(directory, NOTE), JSON.stringify(note));
  return { directory, revision: pin.revision, leanPath: leanPath.map((item) => path.join(directory, item)) };
}

const lakefile = ({ url, revision }: PinnedMathlib): string =>
  `name = "proofswarm"\n\n[[require]]\nname = "mathlib"\ngit = "${url}"\nrev = "${revision}"\n`;

async function runLake(
  { lake, run, signal, onProgress = () => {}, stallMs = STALL_MS }: PrepareMathlibOptions,
  directory: string,
  args: readonly string[],
  step: string,
): Promise<void> {
  onProgress({ step });
  const stall = new AbortController();
  const timer = setTimeout(
    () =>
      stall.abort(
        new ToolchainError('library', `lake ${args.join(' ')}: nothing came for ${stallMs / 1000} s`),
      ),
    stallMs,
  );
  try {
    const { code, problem } = await run(
      { file: lake, args, cwd: directory, env: await environment(lake, directory) },
      {
        signal: AbortSignal.any([stall.signal, ...(signal ? [signal] : [])]),
        onLine: (line) => {
          timer.refresh();
          const percent = /\b(\d{1,3})%/.exec(line)?.[1];
          onProgress({ step, ...(percent === undefined ? {} : { fraction: Number(percent) / 100 }) });
        },
      },
    );
    if (code !== 0) throw new ToolchainError('library', `lake ${args.join(' ')} failed: ${problem}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Lake needs git, curl and its own `lean`; its caches stay beside the library. */
async function environment(lake: string, directory: string): Promise<Record<string, string>> {
  const home = path.join(directory, 'home');
  await mkdir(home, { recursive: true });
  const kept = [
    'SystemRoot',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'https_proxy',
    'HTTPS_PROXY',
    'no_proxy',
    'NO_PROXY',
  ];
  return {
    ...Object.fromEntries(
      kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ),
    PATH: [path.dirname(lake), process.env['PATH'] ?? ''].join(path.delimiter),
    HOME: home,
    XDG_CACHE_HOME: path.join(home, 'cache'),
    // It is fetched by the next step, whose failure is told apart.
    MATHLIB_NO_CACHE_ON_UPDATE: '1',
    LANG: 'C.UTF-8',
  };
}

/** A tag that was moved, or a lakefile that asks for another commit, must not pass for the pinned one. */
async function requireRevision(directory: string, revision: string): Promise<void> {
  let found: string | undefined;
  try {
    const manifest = manifestSchema.parse(
      JSON.parse(await readFile(path.join(directory, 'lake-manifest.json'), 'utf8')),
    );
    found = manifest.packages.find(({ name }) => name === 'mathlib')?.rev;
  } catch (cause) {
    throw new ToolchainError('library', 'lake update left no readable lake-manifest.json', { cause });
  }
  if (found !== revision)
    throw new ToolchainError('library', `lake update took Mathlib ${found ?? 'not at all'}, not ${revision}`);
}

async function builtPackages(directory: string): Promise<string[]> {
  const packages = path.join('.lake', 'packages');
  const names = await readdir(path.join(directory, packages)).catch(() => []);
  const built: string[] = [];
  for (const name of names.toSorted()) {
    const library = path.join(packages, name, BUILT);
    if (await exists(path.join(directory, library))) built.push(library);
  }
  if (!(await exists(path.join(directory, packages, 'mathlib', BUILT, 'Mathlib.olean')))) {
    throw new ToolchainError('library', 'lake exe cache get did not bring Mathlib.olean');
  }
  return built;
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
