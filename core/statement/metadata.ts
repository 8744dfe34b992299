const MAX_INFORMAL = 100_000;
const MAX_TAG = 100;
const MAX_TAGS = 100;

/** The text inside `/-- … -/` or `/- … -/`, or the text itself, fit to be a statement's informal text. */
export function stripCommentMarks(text: string): string | undefined {
  const trimmed = text.trim();
  const bare = trimmed.startsWith('/-') ? trimmed.replace(/^\/-[-!]?/, '').replace(/-\/$/, '') : trimmed;
  const clean = cleanText(bare, MAX_INFORMAL).trim();
  return clean === '' ? undefined : clean;
}

/** Metadata may be cut and mended, as a statement's identity does not rest on it. */
export function cleanText(text: string, maxLength: number): string {
  return text.toWellFormed().replaceAll('\0', '').slice(0, maxLength).toWellFormed();
}

/** Tags, each once, within a record's bounds. */
export function cleanTags(tags: readonly string[]): string[] {
  const clean = tags.map((tag) => cleanText(tag.trim(), MAX_TAG)).filter((tag) => tag !== '');
  return [...new Set(clean)].slice(0, MAX_TAGS);
}
