import { chmod, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { extract } from 'tar';
import { LeanBundleError } from './errors.ts';

/** Lake's libraries serve building, not checking. */
const WANTED = /^(Init|Std|Lean)(\.olean$|\/)/;

/**
 * Unpacks the libraries' `.olean` files, read-only, without the archive's macOS resource forks (`._*`).
 * @param onFile called with the count of files written so far
 * @throws LeanBundleError where the archive holds no library
 */
export async function unpackLibrary(
  archive: string,
  directory: string,
  onFile: (count: number) => void,
): Promise<number> {
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
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  await Promise.all(
    files.filter((f) => f.isFile()).map((f) => chmod(path.join(f.parentPath, f.name), 0o444)),
  );
  return count;
}
