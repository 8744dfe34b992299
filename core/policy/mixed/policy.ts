import type { Proposal, RoundState, Statement } from '../../record/index.ts';
import { choose, shares } from './bandit.ts';
import { kindsOf } from './kind.ts';
import { hasLeftovers, patchLeftovers } from './leftovers.ts';
import { Ledger, ledgerSchema } from './ledger.ts';
import { seeded } from './random.ts';
import { Track } from './track.ts';
import {
  ARMS,
  type Arm,
  type ArmShare,
  type MixedEvent,
  type MixedStore,
  type RoundPolicy,
  type StatementEnd,
} from './types.ts';

export interface MixedComponents {
  /** Cheap, and good for a first try: the portfolio. */
  readonly quick: RoundPolicy;
  readonly model: RoundPolicy;
  /** What has been learnt is forgotten at the end without one. */
  readonly store?: MixedStore;
  /** Must not throw. */
  readonly onEvent?: (event: MixedEvent) => void;
  /** Milliseconds; `performance.now` unless set. */
  readonly now?: () => number;
}

export interface MixedSettings {
  /** The same seed and the same past make the same choices. */
  readonly seed?: number;
  /** Which model `model` is: what was learnt of another is not used. Its name unless set. */
  readonly modelId?: string;
}

/** Statements under way; of more, the oldest are begun anew. */
const MAX_STATEMENTS = 2000;

/**
 * Two policies as one: the quick one opens; then each round goes to the quick one's search, to the model, or to the quick
 * one on what the model left open, by what has been paying on statements of that kind. `learn` must be called with what
 * became of each statement.
 */
export class MixedPolicy {
  readonly name = 'mixed';
  readonly #components: MixedComponents;
  readonly #seed: number;
  readonly #ledger: Ledger;
  /** By kinds, since something was learnt last. */
  readonly #shares = new Map<string, ArmShare[]>();
  readonly #statements = new Map<string, Map<number, Track>>();
  #saving: Promise<void> = Promise.resolve();

  private constructor(components: MixedComponents, seed: number, ledger: Ledger) {
    this.#components = components;
    this.#seed = seed;
    this.#ledger = ledger;
  }

  /** Begins with what the store holds; with nothing, and an event that says so, where that cannot be used. */
  static async open(components: MixedComponents, settings: MixedSettings = {}): Promise<MixedPolicy> {
    const model = (settings.modelId ?? components.model.name).slice(0, 1000);
    const ledger = new Ledger(model, await load(components));
    return new MixedPolicy(components, settings.seed ?? 0, ledger);
  }

  /** How the rounds after the opening would be spent on a statement now, and why. */
  explain(statement: Statement): ArmShare[] {
    const kinds = kindsOf(statement);
    const key = JSON.stringify(kinds);
    const known = this.#shares.get(key) ?? shares(this.#ledger, kinds);
    // Counted from thousands of draws, and the same for all statements of a kind.
    this.#shares.set(key, known);
    return known;
  }

  async *propose(
    state: RoundState,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<Proposal, void, undefined> {
    const { statement, rollout, round } = state;
    const track = this.#track(statement.id, rollout, round);
    track.absorb(round, state.previous);
    const random = seeded(this.#seed, statement.id, rollout, round);
    const kinds = kindsOf(statement);
    const stopped = (): boolean => signal.aborted;
    for (;;) {
      const opening = rollout === 0 && round === 0 && track.quickRounds === 0;
      const arm = opening ? 'opening' : choose(this.#ledger, kinds, available(track), random);
      if (arm === undefined || signal.aborted) return;
      this.#components.onEvent?.({ type: 'mixed:chosen', statement, rollout, round, arm });
      let any = false;
      const began = this.#now();
      try {
        for await (const proposal of this.#play(arm, track, state, signal)) {
          any = true;
          yield proposal;
        }
      } catch (error) {
        // The quick policy's fault would be ours; the model is a stranger's file in native code, and not all that there is.
        if (arm !== 'model' || stopped()) throw error;
        this.#components.onEvent?.({ type: 'mixed:model-failed', statement, rollout, round, error });
      } finally {
        // A proof, or the end of the statement's time, ends the round before the policy does.
        if (any || stopped()) {
          const milliseconds = this.#now() - began;
          this.#components.onEvent?.({ type: 'mixed:played', statement, rollout, round, arm, milliseconds });
        }
      }
      if (any) return;
      // It has nothing to say: the round goes to another, and does not count as tried.
      track.plays.pop();
      if (arm === 'opening') continue;
      if (arm !== 'leftovers') track.exhausted.add(arm);
    }
  }

  /**
   * Takes in what became of a statement, once the loop has ended it. Cancelled statements teach nothing.
   * @returns once it is saved; a store that fails is reported as an event
   */
  async learn(statement: Statement, end: StatementEnd): Promise<void> {
    const tracks = this.#statements.get(statement.id);
    this.#statements.delete(statement.id);
    if (tracks === undefined || end.reason === 'cancelled') return;
    this.#shares.clear();
    const now = this.#now();
    const winner = end.solved ? tracks.get(end.rollout)?.armOf(end.round) : undefined;
    for (const arm of ARMS) {
      const plays = [...tracks.values()].flatMap((track) => track.plays.filter((play) => play.arm === arm));
      if (plays.length === 0) continue;
      this.#ledger.record(kindsOf(statement), arm, {
        rounds: plays.length,
        proofs: winner === arm ? 1 : 0,
        milliseconds: plays.reduce((sum, { started, ended }) => sum + (ended ?? now) - started, 0),
      });
    }
    await this.#save();
  }

  async *#play(
    arm: Arm | 'opening',
    track: Track,
    state: RoundState,
    signal: AbortSignal,
  ): AsyncGenerator<Proposal, void, undefined> {
    const play = track.begin(state.round, arm, this.#now());
    try {
      yield* this.#source(arm, track, state, signal);
    } finally {
      play.ended = this.#now();
    }
  }

  #source(
    arm: Arm | 'opening',
    track: Track,
    state: RoundState,
    signal: AbortSignal,
  ): AsyncIterable<Proposal> {
    const { quick, model } = this.#components;
    switch (arm) {
      case 'opening':
      case 'search':
        return quick.propose(
          { ...state, round: track.quickRounds++, previous: track.quickPrevious },
          { signal },
        );
      case 'model':
        return model.propose(
          { ...state, round: track.modelRounds++, previous: track.modelPrevious },
          { signal },
        );
      case 'leftovers': {
        const attempts = track.leftovers;
        track.leftovers = [];
        return patchLeftovers(quick, state, attempts, signal);
      }
    }
  }

  #track(statement: string, rollout: number, round: number): Track {
    let tracks = this.#statements.get(statement);
    if (tracks === undefined) {
      tracks = new Map();
      this.#statements.set(statement, tracks);
      for (const oldest of this.#statements.keys()) {
        if (this.#statements.size <= MAX_STATEMENTS) break;
        this.#statements.delete(oldest);
      }
    }
    const known = tracks.get(rollout);
    // A rollout that begins again is another run of the statement.
    if (known !== undefined && round > 0) return known;
    const track = new Track();
    tracks.set(rollout, track);
    return track;
  }

  #now(): number {
    return (this.#components.now ?? performance.now.bind(performance))();
  }

  /** One after the other, so that an older state never replaces a newer one. */
  #save(): Promise<void> {
    const { store, onEvent } = this.#components;
    if (store === undefined) return Promise.resolve();
    this.#saving = this.#saving
      .then(() => store.save(this.#ledger.state))
      .catch((error: unknown) => onEvent?.({ type: 'mixed:state-unsaved', error }));
    return this.#saving;
  }
}

/** How budgets would be divided on statements of which nothing special is known, by what a store holds of a model. */
export async function learntShares(
  store: Pick<MixedStore, 'load'>,
  model: string,
): Promise<readonly ArmShare[]> {
  const saved = await store.load();
  const state = saved === undefined ? undefined : ledgerSchema.parse(saved);
  return shares(new Ledger(model.slice(0, 1000), state), ['all']);
}

function available(track: Track): Arm[] {
  return ARMS.filter((arm) =>
    arm === 'leftovers' ? hasLeftovers(track.leftovers) : !track.exhausted.has(arm),
  );
}

async function load({
  store,
  onEvent,
}: MixedComponents): Promise<ReturnType<typeof ledgerSchema.parse> | undefined> {
  try {
    const saved = await store?.load();
    if (saved === undefined) return undefined;
    const state = ledgerSchema.safeParse(saved);
    if (state.success) return state.data;
    await store?.setAside?.();
    throw new Error('what was learnt is damaged or of another version', { cause: state.error });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    onEvent?.({ type: 'mixed:state-unreadable', detail });
    return undefined;
  }
}
