import type { LlamaContext, LlamaContextSequence, Token } from 'node-llama-cpp';

/** State worth copying: below, evaluating the tokens again costs less than a copy of the whole sequence. */
const MIN_COPIED_TOKENS = 32;

/**
 * What node-llama-cpp's own decision contexts use and its types hide. Measured on 512 tokens of a 100 MB model, one thread:
 * evaluated, 1.6 s; copied, 6 ms; through the public `saveStateToFile` and `loadStateFromFile`, 5 ms, but growing with the
 * tokens times the layers, and through the disk. Where a release has it no longer, prefixes are evaluated again.
 */
interface Copyable {
  _copyStateFromOtherSequence?(other: LlamaContextSequence, upToTokenIndex: number): Promise<boolean>;
}

/** One sequence of the context: a rollout's tokens and their state, which outlive the rollout. */
export interface Lane {
  sequence: LlamaContextSequence;
  busy: boolean;
  /** While its prompt is being evaluated: what will be there, and when. */
  coming: { readonly tokens: readonly Token[]; readonly done: Promise<void> } | undefined;
  lastUsed: number;
}

interface Donor {
  readonly sequence: LlamaContextSequence;
  readonly shared: number;
  /** Where it is still being evaluated. */
  readonly wait: Promise<void> | undefined;
}

/** The sequences of a context. A prompt's beginning that any of them holds is copied, not evaluated again. */
export class Lanes {
  readonly #context: LlamaContext;
  readonly #lanes: Lane[];
  #clock = 0;

  constructor(context: LlamaContext) {
    this.#context = context;
    this.#lanes = Array.from({ length: context.totalSequences }, () => ({
      sequence: context.getSequence(),
      busy: false,
      coming: undefined,
      lastUsed: 0,
    }));
  }

  get busy(): number {
    return this.#lanes.filter((lane) => lane.busy).length;
  }

  /** A free lane: the one that holds most of the prompt, of equals the one not used for longest. */
  acquire(prompt: readonly Token[]): Lane | undefined {
    let best: { lane: Lane; shared: number } | undefined;
    for (const lane of this.#lanes) {
      if (lane.busy) continue;
      const shared = sharedWith(lane.sequence, prompt);
      if (
        best === undefined ||
        shared > best.shared ||
        (shared === best.shared && lane.lastUsed < best.lane.lastUsed)
      )
        best = { lane, shared };
    }
    if (best === undefined) return undefined;
    best.lane.busy = true;
    best.lane.lastUsed = ++this.#clock;
    return best.lane;
  }

  release(lane: Lane): void {
    lane.busy = false;
    lane.coming = undefined;
  }

  /** Empties a lane on which llama.cpp failed: what its state is then, nobody knows. */
  async renew(lane: Lane): Promise<void> {
    await lane.sequence.dispose();
    lane.sequence = this.#context.getSequence();
  }

  /**
   * Brings a lane's state to the longest beginning of the tokens that is to be had without evaluating: its own, or another
   * lane's, waiting where that is being evaluated just now. What is missing is the caller's to evaluate.
   */
  async adopt(lane: Lane, tokens: Token[], stop: AbortSignal): Promise<void> {
    const { sequence } = lane;
    for (;;) {
      const own = sharedWith(sequence, tokens);
      const donor = this.#donorFor(lane, tokens, own + MIN_COPIED_TOKENS);
      if (donor === undefined || stop.aborted) break;
      if (donor.wait === undefined) {
        await copyState(sequence, donor.sequence, donor.shared);
        break;
      }
      await donor.wait;
    }
    // Keeps what the lane shares with the tokens, and no more, whatever was copied.
    await sequence.adaptStateToTokens(tokens, false);
  }

  /** The lane that has, or will have, the most of the tokens, and at least so many. */
  #donorFor(lane: Lane, tokens: readonly Token[], least: number): Donor | undefined {
    let best: Donor | undefined;
    let most = least - 1;
    for (const { sequence, coming, lastUsed } of this.#lanes) {
      if (sequence === lane.sequence) continue;
      const there = sharedWith(sequence, tokens);
      // Of two lanes that could wait for each other, only the later one does.
      const promised =
        coming === undefined || lastUsed > lane.lastUsed ? 0 : commonLength(coming.tokens, tokens);
      const wait = promised > there ? coming?.done : undefined;
      const shared = Math.max(there, promised);
      // Of equals, one that need not be waited for.
      if (shared > most || (shared === most && best?.wait !== undefined && wait === undefined)) {
        best = { sequence, shared, wait };
        most = shared;
      }
    }
    return best;
  }
}

async function copyState(
  target: LlamaContextSequence,
  source: LlamaContextSequence,
  tokens: number,
): Promise<void> {
  const copyable = target as unknown as Copyable;
  if (copyable._copyStateFromOtherSequence === undefined) return;
  const whole = await copyable._copyStateFromOtherSequence(source, tokens);
  // The two do not agree on how far the state goes, as when the source was used meanwhile: nothing of it can be trusted.
  if (!whole) await target.clearHistory();
}

const sharedWith = (sequence: LlamaContextSequence, tokens: readonly Token[]): number =>
  sequence.compareContextTokens(tokens as Token[]).firstDifferentIndex;

function commonLength(a: readonly Token[], b: readonly Token[]): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return i;
  return end;
}
