import { readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import type { MixedStore } from '../policy/mixed/index.ts';
import { writeWhole } from './write-whole.ts';

/** The state is some kilobytes; what is far longer was not written by us. */
const MAX_CHARACTERS = 4_000_000;

/**
 * The mixed policy's state, kept with the bank that it was learnt from. A file that cannot be used is set aside, for whoever wants
 * to look at it or goes back to a later version, and the next save begins a new one; what is no JSON is reported by `load`.
 */
export function mixedStore(dataDirectory: string): MixedStore {
  const file = path.join(dataDirectory, 'bank', 'mixed-policy.json');
  const setAside = (): Promise<void> => rename(file, `${file}.damaged`);
  return {
    setAside,
    async load() {
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      try {
        if (text.length > MAX_CHARACTERS) throw new SyntaxError('far too long');
        return JSON.parse(text) as unknown;
      } catch (error) {
        await setAside();
        throw new Error(`${file} cannot be read; it is now ${file}.damaged`, { cause: error });
      }
    },
    save: (state) => writeWhole(file, `${JSON.stringify(state)}\n`),
  };
}
