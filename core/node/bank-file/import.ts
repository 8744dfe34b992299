import { UnjudgeableError } from '../../lean/index.ts';
import type {
  CheckOptions,
  CheckOutcome,
  ClaimedProof,
  ContentId,
  SignedProof,
  Statement,
  Verdict,
  VerifiedProof,
} from '../../record/index.ts';
import { boundedLines, sizeOf, type BoundedLine } from './bounded-lines.ts';
import { claimOf, MAX_LINE_BYTES, readBankLine } from './line.ts';

export interface ImportComponents {
  /** Whether a record is here already, in the bank or as claimed. */
  readonly isKnown: (id: ContentId) => boolean;
  /** This node's own Lean; nothing is believed before. @throws UnjudgeableError */
  readonly check: (statement: Statement, submission: string, options: CheckOptions) => Promise<CheckOutcome>;
  /** Keeps an accepted proof; it is on disk when it resolves. */
  readonly keep: (proof: VerifiedProof, signed: SignedProof) => Promise<void>;
  /** Keeps a record that this node cannot judge. Says whether there was room. */
  readonly keepClaimed: (claim: ClaimedProof) => Promise<boolean>;
}

export interface ImportOptions {
  readonly signal: AbortSignal;
  /** After every line. */
  readonly onProgress?: (report: BankImportReport) => void;
  /** Records checked at one time; 4 unless set. */
  readonly width?: number;
  readonly timeoutMs?: number;
}

/** How far an import has come. */
export interface BankImportReport {
  /** Of the file, and how much of it has been read. */
  readonly bytes: number;
  readonly bytesRead: number;
  readonly added: number;
  /** Here before. */
  readonly known: number;
  /** Kept, and not believed: this node has not their environment. */
  readonly claimed: number;
  /** Records that this node's Lean did not accept, or lines that hold no record: how many, and the first of them. */
  readonly bad: number;
  readonly problems: readonly ImportProblem[];
}

export interface ImportProblem {
  /** From 1. */
  readonly line: number;
  readonly detail: string;
}

const MAX_PROBLEMS = 200;
const WIDTH = 4;
const TIMEOUT_MS = 60_000;
const LONGEST_DETAIL = 1000;

type Outcome = 'added' | 'known' | 'claimed' | { readonly bad: string };

/**
 * Reads a bank file, and keeps what this node's own Lean accepts of it. A line that is bad is told of, and the others
 * load. What is here already is passed over, so that an import that was broken off goes on when it is begun again.
 * @throws UnreadableBankFileError, LeanUnavailableError, the bank's errors, or the signal's reason; what was accepted
 *   until then stays
 */
export async function importBank(
  file: string,
  components: ImportComponents,
  options: ImportOptions,
): Promise<BankImportReport> {
  const { signal, onProgress, width = WIDTH } = options;
  const report = {
    bytes: await sizeOf(file),
    bytesRead: 0,
    added: 0,
    known: 0,
    claimed: 0,
    bad: 0,
    problems: [] as ImportProblem[],
  };
  const note = (line: BoundedLine, outcome: Outcome): void => {
    if (typeof outcome === 'string') report[outcome]++;
    else {
      report.bad++;
      const detail = outcome.bad.slice(0, LONGEST_DETAIL);
      if (report.problems.length < MAX_PROBLEMS) report.problems.push({ line: line.number, detail });
    }
    report.bytesRead = Math.max(report.bytesRead, line.end);
    onProgress?.(snapshot(report));
  };
  const failed = new AbortController();
  const both = AbortSignal.any([signal, failed.signal]);
  const running = new Set<Promise<void>>();
  try {
    for await (const line of boundedLines(file, { maxBytes: MAX_LINE_BYTES, signal: both })) {
      if (line.bytes !== undefined && isBlank(line.bytes)) continue;
      const taken = take(line, components, { ...options, signal: both })
        .then((outcome) => note(line, outcome))
        .catch((error: unknown) => failed.abort(error))
        .finally(() => running.delete(taken));
      running.add(taken);
      if (running.size >= width) await Promise.race(running);
    }
  } finally {
    await Promise.all(running);
  }
  signal.throwIfAborted();
  failed.signal.throwIfAborted();
  return snapshot(report);
}

const snapshot = (report: BankImportReport): BankImportReport => ({
  ...report,
  problems: report.problems.toSorted((a, b) => a.line - b.line),
});

const isBlank = (bytes: Buffer): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

async function take(
  { bytes }: BoundedLine,
  components: ImportComponents,
  { signal, timeoutMs = TIMEOUT_MS }: ImportOptions,
): Promise<Outcome> {
  if (bytes === undefined) return { bad: `longer than ${MAX_LINE_BYTES} bytes` };
  const line = readBankLine(bytes);
  if (line.kind === 'bad') return { bad: line.detail };
  if (components.isKnown(line.value.id)) return 'known';
  const claim = claimOf(line.value);
  if (claim.kind === 'bad') return { bad: claim.detail };
  const { signed, statement } = claim.value;
  try {
    const { verdict, proof } = await components.check(statement, signed.record.submission, {
      signal,
      timeoutMs,
      origin: 'peer',
    });
    if (proof === undefined) return { bad: refusal(verdict) };
    await components.keep(proof, signed);
    return 'added';
  } catch (error) {
    if (!(error instanceof UnjudgeableError)) throw error;
    if (error.reason !== 'environment') return { bad: error.message };
    return (await components.keepClaimed(claim.value))
      ? 'claimed'
      : { bad: `no room for it: ${error.message}` };
  }
}

function refusal(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'failed':
      return `Lean does not accept it: ${verdict.diagnostics[0]?.message ?? 'it does not elaborate'}`;
    case 'rejected':
      return `Lean does not accept it: ${verdict.reason}: ${verdict.detail}`;
    case 'exhausted':
      return `could not be judged: out of ${verdict.resource}`;
    case 'crashed':
      return `could not be judged: ${verdict.detail}`;
    case 'proved':
      throw new TypeError('a proof is no refusal');
  }
}
