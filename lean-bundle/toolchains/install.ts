import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { download } from './download.ts';
import { ToolchainError } from './errors.ts';
import { withLock } from './lock.ts';
import type { PinnedAsset, PinnedToolchain } from './pins.ts';
import { TOOLCHAIN_LIMITS, unpackArchive, type UnpackLimits } from './unpack.ts';
import { readVersion } from './version.ts';

/** How far an installation has come. */
export interface InstallProgress {
  /** What is being done, for people. */
  readonly step: string;
  /** 0 to 1; absent where it cannot be told. */
  readonly fraction?: number;
}

export interface InstallOptions {
  /** Where toolchains are installed, each in a directory of its own. */
  readonly root: string;
  readonly pin: PinnedToolchain;
  readonly asset: PinnedAsset;
  /** Install a release for which no digest is pinned. */
  readonly acceptUnverified?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: InstallProgress) => void;
  /** Of the unpacked archive; those of an official toolchain where not given. */
  readonly limits?: UnpackLimits;
  readonly stallMs?: number;
  readonly pauseMs?: number;
}

/** What is written down of an installation, last of all: a directory without it is not one. */
const noteSchema = z.strictObject({
  version: z.string(),
  url: z.string(),
  size: z.int(),
  sha256: z.string(),
  /** Whether the digest was pinned beforehand. */
  verified: z.boolean(),
});
export type Installation = z.infer<typeof noteSchema> & { readonly directory: string };

const NOTE = 'proofswarm-installed.json';
/** Releases are some 0.6 GB. */
const MAX_ARCHIVE_BYTES = 1.5e9;
/** What an official toolchain takes when unpacked. */
const UNPACKED_BYTES = 3.3e9;
const SPARE_BYTES = 0.3e9;

/**
 * Installs an official toolchain: downloads it (going on where an earlier try stopped), compares size and digest, unpacks
 * it beside its place, tries it, and moves it into place in one step. At once where that was done before. A killed or
 * failed installation leaves nothing that could be taken for a toolchain; two at a time wait for each other.
 * @throws ToolchainError; the signal's reason where it is aborted
 */
export async function installToolchain(options: InstallOptions): Promise<Installation> {
  const { root, pin, asset, signal, onProgress = () => {} } = options;
  const name = path.posix.basename(new URL(asset.url).pathname).replace(/\.tar\.zst$/, '');
  const directory = path.join(root, name);
  const installed = await readInstallation(directory);
  if (installed !== undefined) return installed;
  if (asset.sha256 === null && options.acceptUnverified !== true) {
    throw new ToolchainError(
      'checksum',
      `no checksum of Lean ${pin.version} for this platform is known to this program; --accept-unverified installs it all the same`,
    );
  }
  const onWait = (pid: number): void =>
    onProgress({ step: `waiting for another installation (process ${pid})` });
  return withLock(
    `${directory}.lock`,
    async () => (await readInstallation(directory)) ?? (await install(options, directory)),
    { signal, onWait },
  );
}

/** What is installed in a directory; undefined where nothing whole is. */
export async function readInstallation(directory: string): Promise<Installation | undefined> {
  try {
    const note = noteSchema.parse(JSON.parse(await readFile(path.join(directory, NOTE), 'utf8')));
    return { ...note, directory };
  } catch {
    return undefined;
  }
}

async function install(options: InstallOptions, directory: string): Promise<Installation> {
  const { root, pin, asset, signal, onProgress = () => {}, stallMs, pauseMs } = options;
  const limits = options.limits ?? TOOLCHAIN_LIMITS;
  await removeLeftovers(root, path.basename(directory));
  await requireSpace(root, (asset.size ?? 0) + Math.min(UNPACKED_BYTES, limits.bytes) + SPARE_BYTES);
  const scratch = `${directory}.tmp-${process.pid}-${randomBytes(4).toString('hex')}`;
  const archive = path.join(root, path.posix.basename(new URL(asset.url).pathname));
  try {
    const downloaded = await download(
      { url: asset.url, size: asset.size, sha256: asset.sha256, file: archive, maxBytes: MAX_ARCHIVE_BYTES },
      {
        signal,
        ...(stallMs === undefined ? {} : { stallMs }),
        ...(pauseMs === undefined ? {} : { pauseMs }),
        onProgress: ({ received, total }) =>
          onProgress({ step: 'downloading', ...(total === undefined ? {} : { fraction: received / total }) }),
      },
    );
    await mkdir(scratch, { recursive: true });
    onProgress({ step: 'unpacking', fraction: 0 });
    await unpackArchive(archive, scratch, {
      limits,
      signal,
      onProgress: (bytes) =>
        onProgress({ step: 'unpacking', fraction: Math.min(0.99, bytes / UNPACKED_BYTES) }),
    });
    await tryOut(scratch, pin.version, signal);
    const { size, sha256 } = downloaded;
    const note = { version: pin.version, url: asset.url, size, sha256, verified: asset.sha256 !== null };
    await writeFile(path.join(scratch, NOTE), JSON.stringify(note));
    await rm(directory, { recursive: true, force: true });
    await rename(scratch, directory);
    onProgress({ step: 'installed', fraction: 1 });
    return { ...note, directory };
  } finally {
    // An archive that was whole and is not wanted after all would be of no more use another time.
    await Promise.all([rm(scratch, { recursive: true, force: true }), rm(archive, { force: true })]);
  }
}

/** The archive must hold what it is pinned as. */
async function tryOut(directory: string, version: string, signal: AbortSignal | undefined): Promise<void> {
  const lean = path.join(directory, 'bin', process.platform === 'win32' ? 'lean.exe' : 'lean');
  const found = await readVersion(lean, signal);
  if (found?.version === version) return;
  throw new ToolchainError(
    'install',
    found === undefined
      ? 'what was unpacked does not run on this machine'
      : `what was unpacked is Lean ${found.version}, not ${version}`,
  );
}

/** @throws ToolchainError where a directory's disk has less room */
export async function requireSpace(directory: string, bytes: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= bytes) return;
  const gb = (value: number): string => `${(value / 1e9).toFixed(1)} GB`;
  throw new ToolchainError('space', `${directory} has ${gb(bavail * bsize)} free; ${gb(bytes)} are needed`);
}

/** Removes what killed installations of this toolchain left; called with the lock held. */
async function removeLeftovers(root: string, name: string): Promise<void> {
  await mkdir(root, { recursive: true });
  const left = (await readdir(root)).filter((entry) => entry.startsWith(`${name}.tmp-`));
  await Promise.all(left.map((entry) => rm(path.join(root, entry), { recursive: true, force: true })));
}
