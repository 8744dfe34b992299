/** Lean source with its imports told apart. */
export interface Source {
  /** Imported modules in order, without duplicates and without the implicit `Init`. */
  readonly imports: readonly string[];
  /** The text with its imports blanked out, so that all positions stay as they are. */
  readonly body: string;
}

export type SplitSource =
  ({ readonly kind: 'source' } & Source) | { readonly kind: 'unsupported'; readonly detail: string };

const IMPORT = /import\s+([^\s"(){}[\]]+)/y;
const UNSUPPORTED =
  /(prelude|module|public\s+(?:meta\s+)?import|private\s+import|meta\s+import|import\s+all)\b/y;

/** Reads the imports at a source's head, where Lean looks for them: before them only blanks and comments may stand. */
export function splitImports(source: string): SplitSource {
  const imports: string[] = [];
  let body = source;
  let at = skipBlanks(source, 0);
  for (;;) {
    UNSUPPORTED.lastIndex = at;
    const unsupported = UNSUPPORTED.exec(source)?.[1];
    if (unsupported !== undefined) {
      return { kind: 'unsupported', detail: `\`${unsupported}\` at the head of a file is not supported` };
    }
    IMPORT.lastIndex = at;
    const found = IMPORT.exec(source);
    if (found === null) break;
    const module = found[1] ?? '';
    if (!imports.includes(module) && module !== 'Init') imports.push(module);
    const end = at + found[0].length;
    body = body.slice(0, at) + body.slice(at, end).replace(/[^\n]/g, ' ') + body.slice(end);
    at = skipBlanks(source, end);
  }
  return { kind: 'source', imports, body };
}

/** Whether a text holds nothing but blanks and comments, of which the last may be left open. */
export const isBlank = (text: string): boolean => skipBlanks(text, 0) === text.length;

/** The end of the blanks and comments that start at `from`. */
function skipBlanks(source: string, from: number): number {
  let at = from;
  for (;;) {
    const start = at;
    while (/\s/.test(source[at] ?? '')) at++;
    if (source.startsWith('--', at)) {
      const end = source.indexOf('\n', at);
      at = end < 0 ? source.length : end;
    } else if (source.startsWith('/-', at) && source[at + 2] !== '-' && source[at + 2] !== '!') {
      at = skipBlockComment(source, at);
    }
    if (at === start) return at;
  }
}

function skipBlockComment(source: string, from: number): number {
  const token = /\/-|-\//g;
  token.lastIndex = from;
  let depth = 0;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    depth += match[0] === '/-' ? 1 : -1;
    if (depth === 0) return token.lastIndex;
  }
  return source.length;
}

/** The components of a Lean name as people write it: dots separate, `«…»` may hold anything. */
export function nameParts(name: string): string[] {
  return [...name.matchAll(/«([^»]*)»|([^.«»]+)/g)].map((match) => match[1] ?? match[2] ?? '');
}
