import { z } from 'zod';
import { ARMS, type Arm } from './types.ts';

const MAX_COUNT = 1e9;
const tallySchema = z.strictObject({
  rounds: z.number().nonnegative().max(MAX_COUNT),
  proofs: z.number().nonnegative().max(MAX_COUNT),
  milliseconds: z.number().nonnegative().max(1e15),
});
export type Tally = z.infer<typeof tallySchema>;

const talliesSchema = z
  .strictObject({ search: tallySchema, model: tallySchema, leftovers: tallySchema })
  .refine(
    (tallies) => ARMS.every((arm) => tallies[arm].proofs <= tallies[arm].rounds),
    'more proofs than rounds',
  );

/** Kinds of statements come from whoever names their topics. */
const MAX_KINDS = 1000;

export const ledgerSchema = z.strictObject({
  version: z.literal(1),
  /** The model that the tallies of `model` and `leftovers` are of. */
  model: z.string().max(1000),
  /** Least recently changed first. */
  kinds: z.array(z.tuple([z.string().max(200), talliesSchema])).max(MAX_KINDS),
});
export type LedgerState = z.infer<typeof ledgerSchema>;

/** What is believed of an arm: Beta(proofs, rounds − proofs) for its chance, and the mean time of a round. */
export interface Belief {
  readonly proofs: number;
  readonly rounds: number;
  readonly milliseconds: number;
}

/** Before anything is known: guesses that a few rounds overrule. */
const GUESSES: Readonly<Record<Arm, { chance: number; milliseconds: number }>> = {
  search: { chance: 0.1, milliseconds: 4000 },
  model: { chance: 0.1, milliseconds: 20_000 },
  leftovers: { chance: 0.1, milliseconds: 3000 },
};
/** Rounds that the guess, or the wider kind, weighs as much as. */
const WEIGHT = 4;
/** More rounds than these are halved with what they brought: what paid long ago may not pay now. */
const REMEMBERED_ROUNDS = 400;

const nothing = (): Tally => ({ rounds: 0, proofs: 0, milliseconds: 0 });
type Tallies = Record<Arm, Tally>;

/** What each arm has cost and brought, by kind of statement. */
export class Ledger {
  readonly #model: string;
  readonly #kinds: Map<string, Tallies>;

  constructor(model: string, state?: LedgerState) {
    this.#model = model;
    this.#kinds = new Map(state?.kinds ?? []);
    if (state === undefined || state.model === model) return;
    // Another model's successes say nothing of this one.
    for (const [kind, { search }] of this.#kinds) {
      this.#kinds.set(kind, { search, model: nothing(), leftovers: nothing() });
    }
  }

  get state(): LedgerState {
    return {
      version: 1,
      model: this.#model,
      kinds: [...this.#kinds].map(([kind, tallies]) => [kind, tallies]),
    };
  }

  /** @param kinds the widest first */
  believe(kinds: readonly string[], arm: Arm): Belief {
    const guess = GUESSES[arm];
    let belief: Belief = {
      proofs: guess.chance * WEIGHT,
      rounds: WEIGHT,
      milliseconds: guess.milliseconds,
    };
    for (const kind of kinds) {
      const tally = this.#kinds.get(kind)?.[arm] ?? nothing();
      const rounds = WEIGHT + tally.rounds;
      belief = {
        proofs: (belief.proofs / belief.rounds) * WEIGHT + tally.proofs,
        rounds,
        milliseconds: (belief.milliseconds * WEIGHT + tally.milliseconds) / rounds,
      };
    }
    return belief;
  }

  /** What was seen on the narrowest kind that anything was seen of. */
  seen(kinds: readonly string[], arm: Arm): Tally & { readonly kind: string } {
    for (const kind of kinds.toReversed()) {
      const tally = this.#kinds.get(kind)?.[arm];
      if (tally !== undefined && tally.rounds > 0) return { ...tally, kind };
    }
    return { ...nothing(), kind: kinds[0] ?? 'all' };
  }

  record(kinds: readonly string[], arm: Arm, spent: Tally): void {
    for (const kind of kinds) {
      const tallies: Tallies = this.#kinds.get(kind) ?? {
        search: nothing(),
        model: nothing(),
        leftovers: nothing(),
      };
      tallies[arm] = faded({
        rounds: tallies[arm].rounds + spent.rounds,
        proofs: tallies[arm].proofs + Math.min(spent.proofs, spent.rounds),
        milliseconds: tallies[arm].milliseconds + spent.milliseconds,
      });
      this.#kinds.delete(kind);
      this.#kinds.set(kind, tallies);
    }
    for (const oldest of this.#kinds.keys()) {
      if (this.#kinds.size <= MAX_KINDS) break;
      this.#kinds.delete(oldest);
    }
  }
}

function faded(tally: Tally): Tally {
  if (tally.rounds <= REMEMBERED_ROUNDS) return tally;
  return { rounds: tally.rounds / 2, proofs: tally.proofs / 2, milliseconds: tally.milliseconds / 2 };
}
