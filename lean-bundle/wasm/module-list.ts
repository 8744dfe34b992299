import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Beside the library, the names of its modules, a line each: what is not among them was never there. */
export const moduleListFile = (prepared: string): string => path.join(prepared, 'modules.txt');

/** @param files of the library, relative to its directory */
export async function writeModuleList(prepared: string, files: readonly string[]): Promise<void> {
  const modules = files.map((file) => file.replace(/\.olean$/, '').replaceAll(path.sep, '.'));
  await writeFile(moduleListFile(prepared), modules.toSorted().join('\n'));
}

/**
 * Whether the library was prepared with all of some modules, whatever can be read of it now.
 * @throws where the list cannot be read
 */
export function hasModules(prepared: string, modules: readonly string[]): boolean {
  const known = new Set(readFileSync(moduleListFile(prepared), 'utf8').split('\n'));
  return modules.every((module) => known.has(module));
}
