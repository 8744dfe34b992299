import { before, EXPORT_LIMITS, MalformedExportError, NAME, NAME_WIDTH } from './format.ts';

const TEXT_MARK = '\uF8F0';
const NUMBER_MARK = '\uF8F1';
const MARKS = /[\uF8F0\uF8F1]/g;

/** The key of a name from that of its prefix and its last component. */
export function nameKey(prefix: string, kind: number, part: string): string {
  return `${prefix}${kind === NAME.text ? TEXT_MARK : NUMBER_MARK}${part}`;
}

/** The name of a key as people write it. */
export function nameOfKey(key: string): string {
  return key.slice(1).replace(MARKS, '.');
}

/**
 * The keys of an export's names, the anonymous one first. Names share what they are made of: each string is looked at once, and
 * all keys together are bounded.
 * @throws MalformedExportError where a name is none, or they are too long
 */
export function readNameKeys({
  names,
  strings,
}: {
  readonly names: Int32Array;
  readonly strings: readonly string[];
}): string[] {
  const keys = [''];
  const depths = [0];
  const defects = new Map<number, string | undefined>();
  let characters = 0;
  for (let i = 0; i < names.length; i += NAME_WIDTH) {
    const prefix = before(names[i], keys.length, 'name');
    const kind = names[i + 1];
    const at = before(names[i + 2], strings.length, 'string');
    const text = strings[at] ?? '';
    if (kind !== NAME.text && kind !== NAME.number) throw new MalformedExportError('a name of no known kind');
    // One Lean name, one key: a number is written in one way, and what is no Unicode would be read as something else.
    if (kind === NAME.number && !/^(?:0|[1-9]\d{0,19})$/.test(text))
      throw new MalformedExportError('a name with no number');
    if (!defects.has(at)) defects.set(at, nameDefect(text));
    const defect = defects.get(at);
    if (defect !== undefined) throw new MalformedExportError(defect);
    const depth = (depths[prefix] ?? 0) + 1;
    if (depth > EXPORT_LIMITS.nameDepth) throw new MalformedExportError('a name of too many components');
    const length = (keys[prefix]?.length ?? 0) + 1 + text.length;
    characters += length;
    if (length > EXPORT_LIMITS.nameLength || characters > EXPORT_LIMITS.nameCharacters)
      throw new MalformedExportError('names that are too long');
    depths.push(depth);
    keys.push(nameKey(keys[prefix] ?? '', kind, text));
  }
  return keys;
}

/** Why a component's text may be in no name that is given a key; undefined where it may. */
export function nameDefect(text: string): string | undefined {
  if (!text.isWellFormed()) return 'a name that is no Unicode';
  // Keys must stay unambiguous, and no honest name holds these.
  return text.search(MARKS) >= 0 ? 'a name with a private-use character' : undefined;
}
