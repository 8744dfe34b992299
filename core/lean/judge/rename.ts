import { ExportReader } from './export.ts';
import { NAME_WIDTH } from './format.ts';

/** Put after a name until nothing else bears it. */
const SUFFIX = '_submitted';

/**
 * A submission whose made-up names stand in nobody's way.
 * @param clashes as a comparison has found them
 */
export function withoutClashes(
  statement: ExportReader,
  submission: ExportReader,
  clashes: readonly string[],
): ExportReader {
  if (clashes.length === 0) return submission;
  const taken = new Set(statement.nameKeys);
  return renameConstants(submission, clashes, (key) => taken.has(key));
}

/**
 * Gives constants of an export other names, wherever it declares them or refers to them. Names that begin with one of them change
 * as well, which makes no difference to an export that is judged by itself.
 * @param keys of names that end with a text, as all names do that the elaborator makes up
 * @param isTaken whether a key is in use elsewhere
 */
function renameConstants(
  reader: ExportReader,
  keys: readonly string[],
  isTaken: (key: string) => boolean,
): ExportReader {
  const { data } = reader;
  const renamed = new Set(keys);
  const own = new Set(reader.nameKeys);
  const names = new Int32Array(data.names);
  const strings = [...data.strings];
  /** By key: the index of the new last component. */
  const texts = new Map<string, number>();
  for (let i = 0; i < names.length; i += NAME_WIDTH) {
    const key = reader.nameKey(i / NAME_WIDTH + 1);
    if (!renamed.has(key)) continue;
    let at = texts.get(key);
    if (at === undefined) {
      let suffix = SUFFIX;
      while (own.has(key + suffix) || isTaken(key + suffix)) suffix += SUFFIX;
      at = strings.push(`${data.strings[names[i + 2] ?? 0] ?? ''}${suffix}`) - 1;
      texts.set(key, at);
    }
    names[i + 2] = at;
  }
  return new ExportReader({ ...data, strings, names });
}
