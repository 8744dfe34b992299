import { access, constants, readdir, realpath, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readVersion, type LeanVersion } from './version.ts';

/** Where a toolchain was found, in the order in which they are preferred. */
export type ToolchainSource = 'setting' | 'bundled' | 'elan' | 'path';

/** A Lean installation. */
export interface FoundToolchain extends LeanVersion {
  readonly source: ToolchainSource;
  /** The toolchain's own directory, without links. */
  readonly directory: string;
  /** Its `lean`, below that directory. */
  readonly lean: string;
  /** Its `lake`, where it has one. */
  readonly lake?: string;
}

/** Something that was named as a Lean and is none. */
export interface NoToolchain {
  readonly source: ToolchainSource;
  readonly place: string;
  readonly reason: string;
}

export interface FindOptions {
  /** A `lean` executable or a toolchain's directory that the user named. */
  readonly setting?: string | undefined;
  /** Where this program puts the toolchains that it installs. */
  readonly bundled: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

const EXECUTABLE = process.platform === 'win32' ? '.exe' : '';

/**
 * The Lean installations of this machine: the user's setting, those installed by this program, elan's, and the one on the
 * PATH. Each is asked for its version. elan's own `lean`, which picks a toolchain and may download it, is never run.
 */
export async function* findToolchains(options: FindOptions): AsyncGenerator<FoundToolchain | NoToolchain> {
  const seen = new Set<string>();
  for await (const { source, place } of candidates(options)) {
    options.signal?.throwIfAborted();
    const found = await look(source, place, options.signal);
    if ('reason' in found) {
      // Only what was named is missed; the rest is looked for in many places.
      if (source !== 'path' || found.reason !== MISSING) yield found;
    } else if (!seen.has(found.lean)) {
      seen.add(found.lean);
      yield found;
    }
  }
}

const MISSING = 'there is no lean';

interface Candidate {
  readonly source: ToolchainSource;
  readonly place: string;
}

async function* candidates({ setting, bundled, env = process.env }: FindOptions): AsyncGenerator<Candidate> {
  if (setting !== undefined) yield { source: 'setting', place: path.resolve(setting) };
  for (const name of await directories(bundled)) {
    if (name.startsWith('lean-') && !name.includes('.tmp-'))
      yield { source: 'bundled', place: path.join(bundled, name) };
  }
  const elan = env['ELAN_HOME'] ?? path.join(env['HOME'] ?? os.homedir(), '.elan');
  const toolchains = path.join(elan, 'toolchains');
  for (const name of await directories(toolchains))
    yield { source: 'elan', place: path.join(toolchains, name) };
  const proxies = await realpath(path.join(elan, 'bin')).catch(() => undefined);
  for (const directory of (env['PATH'] ?? '').split(path.delimiter)) {
    if (!path.isAbsolute(directory)) continue;
    const real = await realpath(directory).catch(() => undefined);
    if (real !== undefined && real !== proxies)
      yield { source: 'path', place: path.join(real, `lean${EXECUTABLE}`) };
  }
}

async function look(
  source: ToolchainSource,
  place: string,
  signal: AbortSignal | undefined,
): Promise<FoundToolchain | NoToolchain> {
  const no = (reason: string): NoToolchain => ({ source, place, reason });
  const isDirectory = await stat(place).then((s) => s.isDirectory(), () => undefined); // prettier-ignore
  if (isDirectory === undefined) return no(MISSING);
  const lean = await realpath(isDirectory ? path.join(place, 'bin', `lean${EXECUTABLE}`) : place).catch(
    () => undefined,
  );
  if (lean === undefined || !(await isExecutable(lean))) return no(MISSING);
  if (path.basename(lean, EXECUTABLE) === 'elan')
    return no('it is elan, which picks a toolchain; name one of its toolchains');
  const version = await readVersion(lean, signal);
  if (version === undefined) return no('it does not say which version of Lean it is');
  const bin = path.dirname(lean);
  const lake = path.join(bin, `lake${EXECUTABLE}`);
  return {
    source,
    ...version,
    lean,
    directory: path.dirname(bin),
    ...((await isExecutable(lake)) ? { lake } : {}),
  };
}

/** Newest first, as far as names tell. */
async function directories(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => entry.name)
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
