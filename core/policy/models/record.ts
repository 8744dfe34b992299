import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { DamagedFileError, UnknownModelError } from './errors.ts';

/** Names that Windows keeps for itself, whatever the ending. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

/** Part of a file's name on every system. */
export const modelIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,98}[a-z0-9]$/, 'small letters, digits, dots and dashes')
  .refine((id) => !RESERVED.test(id), 'a name that Windows keeps for itself');

/** A model on this machine: one small file each, so that no two processes ever write the same. */
export const modelRecordSchema = z.strictObject({
  version: z.literal(1),
  id: modelIdSchema,
  /** `fetched`: in our directory and ours to delete; `added`: the user's own file, in its place. */
  kind: z.enum(['fetched', 'added']),
  /** Absolute where added, a name in the directory where fetched. */
  file: z.string().min(1).max(4096),
  bytes: z.int().nonnegative(),
  /** Of the file when it was last changed, in milliseconds since 1970: tells a change without reading it all. */
  modifiedMs: z.number(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Whether the checksum was known before the file was there. */
  verified: z.boolean(),
  name: z.string().max(500).optional(),
  quantisation: z.string().max(50).optional(),
  promptFamily: z.string().max(100).optional(),
  licence: z.string().max(200).optional(),
  url: z.string().max(4096).optional(),
  addedAt: z.int().nonnegative(),
});
export type ModelRecord = Readonly<z.infer<typeof modelRecordSchema>>;

const ENDING = '.json';
const MAX_BYTES = 64 * 1024;

/** `Goedel-Prover-V2-8B.Q4_K_M.gguf` → `goedel-prover-v2-8b.q4_k_m`. */
export function idFromFile(file: string): string {
  const stem = path.basename(file).replace(/\.gguf$/i, '');
  const id = stem
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 90);
  const parsed = modelIdSchema.safeParse(id);
  return parsed.success ? parsed.data : `model-${id.replace(/[^a-z0-9]+/g, '') || 'file'}`;
}

/** @throws UnknownModelError where the text cannot be an id */
export function parseId(id: string): string {
  const parsed = modelIdSchema.safeParse(id);
  if (!parsed.success) {
    throw new UnknownModelError(id, `a model cannot have that id: ${parsed.error.issues[0]?.message ?? ''}`);
  }
  return parsed.data;
}

/** The records of a directory; those that cannot be read are reported, and hide no others. */
export async function readRecords(
  directory: string,
): Promise<{ records: ModelRecord[]; damaged: DamagedFileError[] }> {
  const names = await readdir(directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const records: ModelRecord[] = [];
  const damaged: DamagedFileError[] = [];
  for (const name of names.filter((candidate) => candidate.endsWith(ENDING)).sort()) {
    try {
      const record = await readRecord(directory, name.slice(0, -ENDING.length));
      if (record !== undefined) records.push(record);
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      damaged.push(error);
    }
  }
  return { records, damaged };
}

/** Undefined where there is none. @throws DamagedFileError */
export async function readRecord(directory: string, id: string): Promise<ModelRecord | undefined> {
  const file = path.join(directory, `${id}${ENDING}`);
  const text = await readBounded(file);
  if (text === undefined) return undefined;
  try {
    const record = modelRecordSchema.parse(JSON.parse(text));
    const isOurs = record.id === id && (record.kind === 'added') === path.isAbsolute(record.file);
    if (!isOurs || (record.kind === 'fetched' && path.basename(record.file) !== record.file)) {
      throw new Error('it names another model or file');
    }
    return record;
  } catch (error) {
    throw new DamagedFileError(
      file,
      'is no record of a model; delete it and get or add the model again',
      error,
    );
  }
}

/** The record appears whole or not at all, in the place of an older one. */
export async function writeRecord(directory: string, record: ModelRecord): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = path.join(directory, `${record.id}${ENDING}`);
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(`${JSON.stringify(record, undefined, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

export async function removeRecord(directory: string, id: string): Promise<void> {
  await rm(path.join(directory, `${id}${ENDING}`), { force: true });
}

async function readBounded(file: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw new DamagedFileError(file, 'is too long for a record of a model');
    await using handle = await open(file, 'r');
    return await handle.readFile('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
