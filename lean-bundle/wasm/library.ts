import { chmod, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { extract } from 'tar';
import { LeanBundleError } from './errors.ts';

/** Lake's libraries serve building, not checking. */
const WANTED = /^(Init|Std|Lean)(\.olean$|\/)/;

/**
 * Unpacks the libraries' `.olean` files, read-only, without the archive's macOS resource forks (`._*`).
 * @param onFile called with the count of files written so far
 * @returns the files, relative to the directory
 * @throws LeanBundleError where the archive holds no library
 */
export async function unpackLibrary(
  archive: string,
  directory: string,
  onFile: (count: number) => void,
): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  let count = 0;
  await extract({
    file: archive,
    cwd: directory,
    preserveOwner: false,
    filter: (name) => {
      const entry = name.replace(/^\.\//, '');
      return WANTED.test(entry) && !path.posix.basename(entry).startsWith('._');
    },
    onReadEntry: () => onFile(++count),
  });
  if (count === 0) throw new LeanBundleError('library', `${archive} holds no library`);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((f) => f.isFile()).map((f) => path.join(f.parentPath, f.name));
  await Promise.all(files.map((file) => chmod(file, 0o444)));
  return files.map((file) => path.relative(directory, file));
}
