import { systemErrorCode } from '../process/index.ts';
import { describeError } from './events.ts';

/** As Rust prints the system's errors: in LanceDB's sentences, and in its dumps. */
const IN_TEXT = /(?:: |^)([^:]*) \(os error (\d+)\)|\bOs \{ code: (\d+), kind: \w+, message: "([^"]*)"/g;
/** Where no number of the error is left. */
const IN_WORDS = /permission denied|too many open files|cannot allocate memory|resources exhausted/i;
/** There is no such file, on Windows no such directory, or something else in its place: a table whose files are gone is damaged. */
const GONE = [2, 3, 20, 267];
const GONE_CODES: readonly string[] = ['ENOENT', 'ENOTDIR'];

/**
 * What the operating system said, where LanceDB failed because of it: no right, no file handles, no memory, a disk or a
 * network drive that does not answer. Undefined of damage, which looks the same each time; missing files are damage.
 */
export function systemFailure(error: unknown): string | undefined {
  const code = systemErrorCode(error);
  const text = describeError(error);
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return GONE_CODES.includes(code) ? undefined : text;
  for (const [, sentence, number, dumped, message] of text.matchAll(IN_TEXT)) {
    if (!GONE.includes(Number(number ?? dumped))) return sentence ?? message;
  }
  return IN_WORDS.exec(text)?.[0];
}
