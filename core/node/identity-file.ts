import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createIdentity, type Identity } from '../record/index.ts';

const SEED_BYTES = 32;

/** The identity file is there but is no identity; it is never overwritten, as its key cannot be had again. */
export class DamagedIdentityError extends Error {
  override readonly name = 'DamagedIdentityError';
}

/**
 * The node's signing identity, made at first use. The file holds the 32-byte Ed25519 seed in hexadecimal and only the
 * user may read it.
 * @throws DamagedIdentityError where the file is not such a seed
 */
export async function loadIdentity(dataDirectory: string): Promise<Identity> {
  const file = path.join(dataDirectory, 'identity.key');
  const known = await readSeed(file);
  if (known !== undefined) return known;
  const identity = createIdentity();
  await mkdir(dataDirectory, { recursive: true });
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(`${Buffer.from(identity.secretKey).toString('hex')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return identity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // Another process made it at the same moment, and may still be writing.
    return retryRead(file);
  }
}

async function readSeed(file: string): Promise<Identity | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const seed = Buffer.from(text.trim(), 'hex');
  if (seed.length !== SEED_BYTES)
    throw new DamagedIdentityError(`${file} does not hold a 32-byte key in hexadecimal`);
  return createIdentity(new Uint8Array(seed));
}

async function retryRead(file: string): Promise<Identity> {
  for (let attempt = 0; ; attempt++) {
    try {
      const identity = await readSeed(file);
      if (identity !== undefined) return identity;
    } catch (error) {
      if (attempt >= 50) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
