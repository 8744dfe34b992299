import { readdir, stat } from 'node:fs/promises';
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

/**
 * How many versions of a table there are on disk that its upkeep would have removed: where there are many it is overdue.
 * @param keptMs how long upkeep leaves replaced versions, in milliseconds
 */
export async function staleVersions(directory: string, table: TableName, keptMs: number): Promise<number> {
  const kept = Date.now() - keptMs;
  const versions = versionsOf(directory, table);
  const files = (await versionFiles(directory, table)).map((name) => stat(path.join(versions, name)));
  const found = await Promise.allSettled(files);
  return found.filter((one) => one.status === 'fulfilled' && one.value.mtimeMs <= kept).length;
}

async function versionFiles(directory: string, table: TableName): Promise<string[]> {
  return (await readdir(versionsOf(directory, table)).catch(() => [])).sort();
}

const versionsOf = (directory: string, table: TableName): string =>
  path.join(directory, 'tables', `${table}.lance`, '_versions');
