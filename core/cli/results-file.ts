import { mkdir, open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { resultLineSchema, type ResultLine } from '../api/index.ts';
import type { StatementResult } from '../node/index.ts';
import { whyUnwritable } from '../process/index.ts';
import { CommandError } from './exit.ts';

/** Results as they come, a JSON line each; what was written stays, whatever ends the run. */
export class ResultsFile {
  readonly path: string;
  /** Lines that an earlier run had left, by statement id; empty unless it is resumed. */
  readonly earlier: ReadonlyMap<string, ResultLine>;
  readonly #handle: FileHandle;

  private constructor(file: string, handle: FileHandle, earlier: ReadonlyMap<string, ResultLine>) {
    this.path = file;
    this.#handle = handle;
    this.earlier = earlier;
  }

  /**
   * @param resume keep what is there and add to it; otherwise the file is begun anew
   * @throws CommandError where the file cannot be written, or is to be resumed and holds something else
   */
  static async open(file: string, resume: boolean): Promise<ResultsFile> {
    const full = path.resolve(file);
    try {
      await mkdir(path.dirname(full), { recursive: true });
      const earlier = resume ? await readResults(full) : new Map<string, ResultLine>();
      const handle = await open(full, resume ? 'a' : 'w');
      return new ResultsFile(full, handle, earlier);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(`cannot write results to ${full}: ${whyUnwritable(error)}`);
    }
  }

  /** @throws CommandError where the file cannot be written, its disk being full, say */
  async append(line: ResultLine): Promise<void> {
    try {
      await this.#handle.appendFile(`${JSON.stringify(line)}\n`);
    } catch (error) {
      throw new CommandError(`cannot write results to ${this.path}: ${whyUnwritable(error)}`);
    }
  }

  async close(): Promise<void> {
    await this.#handle.sync().catch((error: unknown) => {
      // Pipes and devices have nothing to sync.
      if (!['EINVAL', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    });
    await this.#handle.close();
  }
}

/** The last line of each statement in a results file; a last line that was cut short is cut off. */
async function readResults(file: string): Promise<Map<string, ResultLine>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = new Map<string, ResultLine>();
  for (const [index, line] of whole.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = resultLineSchema.safeParse(parseJson(line));
    if (!parsed.success) throw new CommandError(`${file}:${index + 1} is no line of results; not resumed`);
    lines.set(parsed.data.id, parsed.data);
  }
  if (whole.length < text.length) await truncate(file, Buffer.byteLength(whole));
  return lines;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function toResultLine(result: StatementResult): ResultLine {
  const { id, name } = result.statement;
  if (result.kind === 'unjudgeable') {
    const { detail, seconds } = result;
    const none = { solved: false, proof: null, rollout: 0, round: 0, attempts: 0 };
    return { id, name, ...none, seconds: round(seconds), reason: 'unjudgeable', detail };
  }
  const { solved, proof, rollout, round: lastRound, attempts, seconds, reason, detail } = result.outcome;
  return {
    id,
    name,
    solved,
    proof: proof?.submission ?? null,
    rollout,
    round: lastRound,
    attempts: attempts.length,
    seconds: round(seconds),
    reason,
    ...(detail === undefined ? {} : { detail }),
  };
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;
