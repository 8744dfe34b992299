import {
  MAX_SOURCE_LENGTH,
  normalizeSource,
  sourceDefect,
  type CheckOptions,
  type CheckOutcome,
  type Proposal,
  type Statement,
  type Verdict,
} from '../record/index.ts';
import type { RepairSettings } from './settings.ts';
import { StoppedError, type Stop } from './stop.ts';
import type { ProofChecker } from './types.ts';

/** A proposal brought to its normal form, with what the checker said of it. */
export interface Judged extends CheckOutcome {
  readonly submission: string;
}

export type Judgement = Judged | 'no-checks-left';

/**
 * The checker as a search sees it: within the budget, each submission once, and never throwing anything but
 * StoppedError. Shared by the rollouts of one statement.
 */
export class Judge {
  checks = 0;
  #crashesInARow = 0;
  readonly #known = new Map<string, Promise<CheckOutcome>>();
  readonly #checker: ProofChecker;
  readonly #statement: Statement;
  readonly #settings: RepairSettings;
  readonly #stop: Stop;

  constructor(checker: ProofChecker, statement: Statement, settings: RepairSettings, stop: Stop) {
    this.#checker = checker;
    this.#statement = statement;
    this.#settings = settings;
    this.#stop = stop;
  }

  /** @param begin called when a check really starts */
  async judge(proposal: Proposal, begin: (submission: string) => void): Promise<Judgement> {
    const submission = normalizeSource(proposal.submission);
    const defect = proposal.defect ?? sourceDefect(submission);
    if (defect !== undefined) return malformed(submission, defect);
    const maxHeartbeats = proposal.maxHeartbeats ?? this.#settings.maxHeartbeats;
    // A failure under a low limit says nothing about a higher one.
    const key = `${maxHeartbeats ?? ''}\n${submission}`;
    let pending = this.#known.get(key);
    if (pending === undefined) {
      if (this.checks >= (this.#settings.checks ?? Infinity)) return 'no-checks-left';
      this.checks += 1;
      begin(submission);
      pending = this.#check(submission, maxHeartbeats);
      this.#known.set(key, pending);
      const outcome = await pending;
      this.#count(outcome.verdict);
      // A crash is no judgement: the same text may be asked about again.
      if (outcome.verdict.kind === 'crashed') this.#known.delete(key);
      return { ...outcome, submission };
    }
    return { ...(await pending), submission };
  }

  async #check(submission: string, maxHeartbeats: number | undefined): Promise<CheckOutcome> {
    const options: CheckOptions = {
      signal: this.#stop.signal,
      timeoutMs: Math.max(1, Math.min(this.#settings.checkSeconds * 1000, this.#stop.millisecondsLeft)),
      ...(maxHeartbeats === undefined ? {} : { maxHeartbeats }),
    };
    const started = performance.now();
    const crashed = (detail: string): CheckOutcome => ({
      verdict: { kind: 'crashed', detail, milliseconds: performance.now() - started },
    });
    try {
      const outcome = await this.#stop.race(() => this.#checker.check(this.#statement, submission, options));
      const sealed = outcome.proof !== undefined;
      if ((outcome.verdict.kind === 'proved') !== sealed) {
        return crashed('the checker gave a verdict without its proof, or a proof without its verdict');
      }
      return outcome;
    } catch (error) {
      if (this.#stop.reason === 'seconds') {
        // The budget cut it off: it was tried, and the trajectory says so.
        const milliseconds = performance.now() - started;
        return {
          verdict: { kind: 'exhausted', resource: 'time', detail: 'the time budget ran out', milliseconds },
        };
      }
      if (error instanceof StoppedError || this.#stop.stopped) throw new StoppedError(this.#stop.reason);
      return crashed(error instanceof Error ? error.message : String(error));
    }
  }

  #count(verdict: Verdict): void {
    if (verdict.kind !== 'crashed') {
      this.#crashesInARow = 0;
      return;
    }
    this.#crashesInARow += 1;
    if (this.#crashesInARow >= this.#settings.crashes) {
      this.#stop.because(
        'checker-failed',
        `${this.#crashesInARow} crashes in a row, the last: ${verdict.detail}`,
      );
    }
  }
}

/** Text that no checker should be bothered with, made fit for a record. */
function malformed(submission: string, detail: string): Judged {
  return {
    submission: normalizeSource(
      submission.slice(0, MAX_SOURCE_LENGTH).toWellFormed().replaceAll('\0', '\uFFFD'),
    ),
    verdict: { kind: 'rejected', reason: 'malformed-submission', detail, diagnostics: [], milliseconds: 0 },
  };
}
