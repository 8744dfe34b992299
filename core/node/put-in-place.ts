import { constants, copyFile, link } from 'node:fs/promises';

/**
 * Gives a finished file its name, never in the place of another file, which a rename would take away. The temporary one
 * is left to the caller.
 * @returns false where a file of that name is there
 */
export async function putInPlace(temporary: string, file: string): Promise<boolean> {
  try {
    await link(temporary, file).catch(async (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
      // Some file systems know no links.
      await copyFile(temporary, file, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
