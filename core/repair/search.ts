import type { Attempt, Premise, Proposal, RoundState, Statement, VerifiedProof } from '../record/index.ts';
import { Judge, type Judged } from './judge.ts';
import type { RepairSettings } from './settings.ts';
import { call, StoppedError, type Stop } from './stop.ts';
import type { RepairComponents, RepairEvent } from './types.ts';

/** How a rollout ended by itself. */
export type RolloutEnd = 'rounds' | 'policy-exhausted' | 'checks';

interface Place {
  readonly rollout: number;
  readonly round: number;
}

/** The rollouts of one statement: what they share, and what they have come to. */
export class Search {
  readonly attempts: Attempt[] = [];
  readonly ends: RolloutEnd[] = [];
  proof: VerifiedProof | undefined;
  /** Where the proof was found, or how far the search came. */
  reached: Place = { rollout: 0, round: 0 };
  readonly #judge: Judge;
  readonly #writes: Promise<void>[] = [];
  readonly #statement: Statement;
  readonly #components: RepairComponents;
  readonly #settings: RepairSettings;
  readonly #stop: Stop;
  readonly #premises: readonly Premise[];
  readonly #emit: (event: RepairEvent) => void;

  constructor(
    statement: Statement,
    components: RepairComponents,
    settings: RepairSettings,
    context: {
      readonly stop: Stop;
      readonly premises: readonly Premise[];
      readonly emit: (event: RepairEvent) => void;
    },
  ) {
    this.#statement = statement;
    this.#components = components;
    this.#settings = settings;
    this.#stop = context.stop;
    this.#premises = context.premises;
    this.#emit = context.emit;
    this.#judge = new Judge(components.checker, statement, settings, context.stop);
  }

  get checks(): number {
    return this.#judge.checks;
  }

  /** Runs all rollouts, `concurrency` at a time; returns once they ended or the search stopped. */
  async run(): Promise<void> {
    const { rollouts, concurrency } = this.#settings;
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < rollouts && !this.#stop.stopped) {
        const end = await this.#rollout(next++);
        this.ends.push(end);
        // Without checks left, further rollouts would only be asked for candidates that nobody judges.
        if (end === 'checks') return;
      }
    };
    const lanes = Array.from({ length: Math.min(concurrency, rollouts) }, lane);
    for (const result of await Promise.allSettled(lanes)) {
      if (result.status === 'rejected' && !(result.reason instanceof StoppedError)) throw result.reason;
    }
  }

  /** Waits until the sink has taken every attempt. */
  async flush(): Promise<void> {
    await Promise.all(this.#writes);
  }

  async #rollout(rollout: number): Promise<RolloutEnd> {
    this.#emit({ type: 'repair:rollout-started', rollout });
    let previous: readonly Attempt[] = [];
    for (let round = 0; round < this.#settings.rounds; round++) {
      const place = { rollout, round };
      if (this.proof === undefined) this.reached = place;
      this.#emit({ type: 'repair:round-started', ...place });
      const { attempts, end } = await this.#round(place, this.#settings.feedback ? previous : []);
      if (end !== undefined) return end;
      previous = attempts;
    }
    return 'rounds';
  }

  async #round(
    place: Place,
    previous: readonly Attempt[],
  ): Promise<{ attempts: Attempt[]; end?: RolloutEnd }> {
    const attempts: Attempt[] = [];
    const state: RoundState = {
      statement: this.#statement,
      ...place,
      premises: this.#premises,
      previous,
    };
    const candidates = this.#candidates(state);
    try {
      for (let candidate = 0; ; candidate++) {
        await this.#stop.breathe();
        const proposal = await candidates.next();
        if (proposal === undefined) break;
        const started = performance.now();
        const judged = await this.#judge.judge(proposal, (submission) => {
          this.#emit({ type: 'repair:check-started', ...place, candidate, submission });
        });
        if (judged === 'no-checks-left') return { attempts, end: 'checks' };
        const milliseconds = performance.now() - started;
        attempts.push(this.#keep({ ...place, candidate }, proposal, judged, milliseconds));
      }
    } finally {
      candidates.close();
    }
    return attempts.length === 0 ? { attempts, end: 'policy-exhausted' } : { attempts };
  }

  /** The policy's candidates, one by one; a policy that throws stops the search. */
  #candidates(state: RoundState): { next(): Promise<Proposal | undefined>; close(): void } {
    const stop = this.#stop;
    const fail = (error: unknown): never => {
      if (!stop.stopped)
        stop.because('policy-failed', error instanceof Error ? error.message : String(error));
      throw new StoppedError(stop.reason);
    };
    let iterator: AsyncIterator<Proposal>;
    try {
      iterator = this.#components.policy.propose(state, { signal: stop.signal })[Symbol.asyncIterator]();
    } catch (error) {
      return fail(error);
    }
    let done = false;
    return {
      async next() {
        try {
          const result = await stop.race(() => iterator.next());
          done = result.done === true;
          return result.done === true ? undefined : result.value;
        } catch (error) {
          return fail(error);
        }
      },
      close() {
        // Not awaited: a policy deep in its own work answers when it can, and the search need not wait for it.
        if (!done) call(() => iterator.return?.()).catch(() => {});
      },
    };
  }

  #keep(
    place: Place & { readonly candidate: number },
    proposal: Proposal,
    judged: Judged,
    milliseconds: number,
  ): Attempt {
    const { prompt, response, generation, promptTokens, generatedTokens } = proposal;
    const attempt: Attempt = {
      statement: this.#statement.id,
      ...place,
      policy: this.#components.policy.name,
      ...(prompt === undefined ? {} : { prompt }),
      ...(response === undefined ? {} : { response }),
      ...(generation === undefined ? {} : { generation }),
      submission: judged.submission,
      retrieved: this.#premises.map((premise) => premise.id),
      verdict: judged.verdict,
      cost: {
        milliseconds,
        ...(promptTokens === undefined ? {} : { promptTokens }),
        ...(generatedTokens === undefined ? {} : { generatedTokens }),
      },
    };
    this.attempts.push(attempt);
    this.#emit({ type: 'repair:attempt-finished', attempt });
    this.#write(attempt);
    if (judged.proof !== undefined && this.proof === undefined) {
      this.proof = judged.proof;
      this.reached = { rollout: place.rollout, round: place.round };
      this.#stop.because('proved');
    }
    return attempt;
  }

  #write(attempt: Attempt): void {
    const { sink } = this.#components;
    if (sink === undefined) return;
    const write = call(() => sink.record(attempt)).catch((error: unknown) => {
      this.#emit({ type: 'repair:sink-failed', error });
    });
    this.#writes.push(write);
  }
}
