/** What went wrong, as a sentence for the user. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  const first = text.slice(0, 1).toLocaleUpperCase('en');
  return /[.!?…]$/.test(text) ? first + text.slice(1) : `${first}${text.slice(1)}.`;
}
