import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { TableName } from './schema.ts';

/**
 * What is another after every commit to a table, by whichever process; undefined where the files tell nothing. LanceDB
 * gives each version of a table a file of its own, named by a number that counts up or down.
 * @param directory the bank's
 */
export async function versionStamp(directory: string, table: TableName): Promise<string | undefined> {
  const names = await versionFiles(directory, table);
  return names.length === 0 ? undefined : [names.length, names[0], names.at(-1)].join(' ');
}

/** How many versions of a table there are on disk: as many as there were commits since its upkeep, and some younger ones. */
export async function versionCount(directory: string, table: TableName): Promise<number> {
  return (await versionFiles(directory, table)).length;
}

async function versionFiles(directory: string, table: TableName): Promise<string[]> {
  const versions = path.join(directory, 'tables', `${table}.lance`, '_versions');
  return (await readdir(versions).catch(() => [])).sort();
}
