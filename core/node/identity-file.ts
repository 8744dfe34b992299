import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createIdentity, type Identity } from '../record/index.ts';
import { putInPlace } from './put-in-place.ts';

/** 32 bytes; `Buffer.from` alone would take what stands before the first character that is no digit. */
const SEED = /^[0-9a-f]{64}$/i;

/** The identity file is there but is no identity; it is never overwritten, as its key cannot be had again. */
export class DamagedIdentityError extends Error {
  override readonly name = 'DamagedIdentityError';
  readonly file: string;

  constructor(file: string) {
    super(`${file} does not hold a 32-byte key in hexadecimal`);
    this.file = file;
  }
}

/**
 * The node's signing identity, made at first use. The file holds the 32-byte Ed25519 seed in hexadecimal and only the
 * user may read it.
 * @throws DamagedIdentityError where the file is not such a seed
 */
export async function loadIdentity(dataDirectory: string): Promise<Identity> {
  const known = await readIdentity(dataDirectory);
  if (known !== undefined) return known;
  await mkdir(dataDirectory, { recursive: true });
  await writeSeed(identityFile(dataDirectory), createIdentity().secretKey);
  // Read back: where two processes came at the same moment, both use the one that was first.
  const made = await readIdentity(dataDirectory);
  if (made === undefined) throw new DamagedIdentityError(identityFile(dataDirectory));
  return made;
}

/**
 * The identity that is there, or undefined where none has been made.
 * @throws DamagedIdentityError where the file is no seed
 */
export async function readIdentity(dataDirectory: string): Promise<Identity | undefined> {
  const file = identityFile(dataDirectory);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const seed = text.trim();
  if (!SEED.test(seed)) throw new DamagedIdentityError(file);
  return createIdentity(new Uint8Array(Buffer.from(seed, 'hex')));
}

const identityFile = (dataDirectory: string): string => path.join(dataDirectory, 'identity.key');

/** The file appears whole or not at all, and never in the place of another. */
async function writeSeed(file: string, seed: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(`${Buffer.from(seed).toString('hex')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await putInPlace(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
