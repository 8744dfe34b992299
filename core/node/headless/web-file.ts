import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../write-whole.ts';

const schema = z.object({
  version: z.literal(1),
  port: z.int().min(1).max(65_535),
  /** Lets whoever can read this file, the user alone, talk to the node. */
  bearer: z.string().min(20).max(200),
  pid: z.int().positive(),
});
export type WebFile = Omit<z.infer<typeof schema>, 'version'>;

const fileOf = (dataDirectory: string): string => path.join(dataDirectory, 'web.json');

/** Where the running node of a data directory is reached; undefined where none says so. */
export async function readWebFile(dataDirectory: string): Promise<WebFile | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(fileOf(dataDirectory), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Only the user may read it. */
export async function writeWebFile(dataDirectory: string, web: WebFile): Promise<void> {
  await writeWhole(fileOf(dataDirectory), `${JSON.stringify({ version: 1, ...web })}\n`, 0o600);
}

export async function removeWebFile(dataDirectory: string): Promise<void> {
  await rm(fileOf(dataDirectory), { force: true });
}
