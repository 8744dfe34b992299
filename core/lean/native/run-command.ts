import { LineSplitter } from './lines.ts';
import { runProcess, type Command } from './process.ts';

const DAY_MS = 86_400_000;
const MAX_LINE_CHARACTERS = 10_000;
const MAX_OUTPUT_BYTES = 1e9;

/**
 * Runs a program of this machine, such as `lake`, unconfined, in a process group of its own that ends with the signal.
 * @returns its exit code and the end of what it wrote to standard error; no code where it was killed or not started
 * @throws the signal's reason where it is aborted
 */
export async function runCommand(
  command: Omit<Command, 'inputs'>,
  { signal, onLine }: { readonly signal: AbortSignal; readonly onLine: (line: string) => void },
): Promise<{ readonly code: number | undefined; readonly problem: string }> {
  const lines = new LineSplitter(MAX_LINE_CHARACTERS, onLine);
  const limits = { timeoutMs: DAY_MS, maxOutputBytes: MAX_OUTPUT_BYTES, signal };
  const end = await runProcess(command, limits, (chunk) => lines.push(chunk));
  if (end.kind === 'exited') return { code: end.code, problem: end.errorTail.trim() };
  return { code: undefined, problem: end.kind === 'not-started' ? end.detail : end.kind };
}
