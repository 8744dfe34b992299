import { Slice } from '../wire/slice.ts';
import { boundAt, boundBetween, END, START, type Bound, type SetKey } from './key.ts';
import { summaryBetween, type RecordSet } from './record-set.ts';
import { ShortIds, shortIdKey } from './short-id.ts';
import { DIGEST_BYTES } from '../wire/digest-bytes.ts';
import { isFinal, MAX_LISTED_KEYS, readTurn, TurnWriter, type Range } from './turn.ts';

/** Parts that a range is cut into where fingerprints differ. */
const FAN_OUT = 16;
/** Ranges of so many keys are listed instead of cut. */
const LIST_KEYS = 32;
/** Bytes from which a turn puts off the rest to the next one. */
export const TURN_BUDGET_BYTES = 192 * 1024;
/** No turn is longer: what was begun below the budget is finished. */
export const MAX_TURN_BYTES = 256 * 1024;

type ListRange = Extract<Range, { kind: 'list' }>;

export interface TurnOutcome {
  /** Whether the other side waits for the reply. */
  readonly asked: boolean;
  readonly reply: Uint8Array<ArrayBuffer>;
  /** Whether the other side has nothing to answer to the reply. */
  readonly final: boolean;
  /** Digests that the other side holds and said that this one lacks. */
  readonly needed: readonly Uint8Array[];
  /** How many digests the reply tells the other side that it lacks. */
  readonly offered: number;
}

/**
 * One side of a range-based set reconciliation. Keeps nothing between turns but the salt: each turn is answered from
 * the set as it is then, so that records may come and go meanwhile. Gives way to other work every few milliseconds.
 */
export class Reconciler {
  readonly #set: RecordSet;
  readonly #shortIds: ShortIds;

  constructor(set: RecordSet, salt: Uint8Array) {
    this.#set = set;
    this.#shortIds = new ShortIds(salt);
  }

  /** The first turn. The newest keys are cut finest, since that is where peers mostly differ. */
  begin(): Uint8Array<ArrayBuffer> {
    const turn = new TurnWriter();
    const size = this.#set.size;
    if (size <= LIST_KEYS) {
      turn.write(this.#list(START, END));
    } else {
      const cuts = equalCuts(0, size);
      for (let rest = size - (cuts.at(-1) ?? 0); rest > LIST_KEYS; rest = Math.floor(rest / 2)) {
        cuts.push(size - Math.floor(rest / 2));
      }
      this.#cut(START, END, cuts).forEach((range) => turn.write(range));
    }
    return turn.finish();
  }

  /**
   * Answers a turn.
   * @throws ProtocolViolationError (malformed), or the signal's reason
   */
  async respond(bytes: Uint8Array, signal?: AbortSignal): Promise<TurnOutcome> {
    const turn = new TurnWriter();
    const needed: Uint8Array[] = [];
    let offered = 0;
    let lower = START;
    let full = false;
    let asked = false;
    const slice = new Slice();
    for (const range of readTurn(bytes)) {
      if (slice.over) await slice.giveWay(signal);
      asked ||= !isFinal(range);
      if (range.kind === 'answer') needed.push(...range.missing);
      if (!full) {
        const room = TURN_BUDGET_BYTES - turn.length;
        for (const part of await this.#answer(lower, range, room, slice, signal)) {
          turn.write(part);
          if (part.kind === 'answer') offered += part.missing.length;
          lower = part.upper;
        }
        full = turn.length >= TURN_BUDGET_BYTES && lower.time !== Infinity;
      }
    }
    if (full) turn.write(this.#fingerprint(lower, END));
    return { asked, reply: turn.finish(), final: turn.final, needed, offered };
  }

  #answer(
    lower: Bound,
    range: Range,
    room: number,
    slice: Slice,
    signal: AbortSignal | undefined,
  ): Range[] | Promise<Range[]> {
    const { upper } = range;
    switch (range.kind) {
      case 'settled':
        return [{ kind: 'settled', upper }];
      case 'fingerprint':
        return this.#compare(lower, upper, range.fingerprint);
      case 'list':
        return this.#answerList(lower, range, room, slice, signal);
      case 'answer':
        return this.#answerWanted(lower, upper, range.wanted);
    }
  }

  #compare(lower: Bound, upper: Bound, fingerprint: Uint8Array): Range[] {
    const own = this.#set.summary(lower, upper);
    if (Buffer.compare(own.fingerprint, fingerprint) === 0) return [{ kind: 'settled', upper }];
    return own.count <= LIST_KEYS ? [this.#list(lower, upper)] : this.#split(lower, upper);
  }

  /** Says what the other side lacks, and asks for what it has more; what there is no room for is put off. */
  async #answerList(
    lower: Bound,
    range: ListRange,
    room: number,
    slice: Slice,
    signal: AbortSignal | undefined,
  ): Promise<Range[]> {
    const { upper } = range;
    const theirs = new Map(range.shortIds.map((shortId) => [shortIdKey(shortId), shortId]));
    const maxMissing = Math.max(1, Math.floor(room / DIGEST_BYTES));
    const missing: Uint8Array[] = [];
    let rank = this.#set.rank(lower);
    let end = this.#set.rank(upper);
    while (rank < end) {
      const key = this.#set.at(rank);
      if (slice.over) {
        await slice.giveWay(signal);
        // Keys may have come meanwhile: go on from the key, not from its rank.
        rank = this.#set.rank(boundAt(key));
        end = this.#set.rank(upper);
        continue;
      }
      rank++;
      if (theirs.delete(shortIdKey(this.#shortIds.of(key.digest)))) continue;
      if (missing.length === maxMissing) {
        const cut = boundAt(key);
        return [
          // Of what is wanted, the other side gives what lies below the cut.
          { kind: 'answer', upper: cut, missing, wanted: [...theirs.values()] },
          this.#fingerprint(cut, upper),
        ];
      }
      missing.push(key.digest);
    }
    const wanted = [...theirs.values()];
    if (missing.length === 0 && wanted.length === 0) return [{ kind: 'settled', upper }];
    return [{ kind: 'answer', upper, missing, wanted }];
  }

  #answerWanted(lower: Bound, upper: Bound, wanted: readonly Uint8Array[]): Range[] {
    if (wanted.length === 0) return [{ kind: 'settled', upper }];
    const from = this.#set.rank(lower);
    const to = this.#set.rank(upper);
    // No list of ours had so many: abbreviating all of them is work that nobody may ask for.
    if (to - from > MAX_LISTED_KEYS) return this.#split(lower, upper);
    const keys = new Set(wanted.map(shortIdKey));
    const missing = [...this.#set.slice(from, to)]
      .filter((key) => keys.has(shortIdKey(this.#shortIds.of(key.digest))))
      .map((key) => key.digest);
    return missing.length === 0
      ? [{ kind: 'settled', upper }]
      : [{ kind: 'answer', upper, missing, wanted: [] }];
  }

  #list(lower: Bound, upper: Bound): Range {
    const keys = this.#set.slice(this.#set.rank(lower), this.#set.rank(upper));
    return { kind: 'list', upper, shortIds: [...keys].map((key) => this.#shortIds.of(key.digest)) };
  }

  #fingerprint(lower: Bound, upper: Bound): Range {
    return { kind: 'fingerprint', upper, fingerprint: this.#set.summary(lower, upper).fingerprint };
  }

  #split(lower: Bound, upper: Bound): Range[] {
    return this.#cut(lower, upper, equalCuts(this.#set.rank(lower), this.#set.rank(upper)));
  }

  /** Fingerprints of the parts between these ranks, each of which has keys on both sides. */
  #cut(lower: Bound, upper: Bound, cuts: readonly number[]): Range[] {
    const bounds = [...cuts.map((rank) => this.#boundAbove(rank)), upper];
    let before = this.#set.prefix(lower);
    return bounds.map((bound) => {
      const after = this.#set.prefix(bound);
      const { fingerprint } = summaryBetween(before, after);
      before = after;
      return { kind: 'fingerprint', upper: bound, fingerprint };
    });
  }

  /** The shortest bound with so many keys below it. */
  #boundAbove(rank: number): Bound {
    const below: SetKey = this.#set.at(rank - 1);
    return boundBetween(below, this.#set.at(rank));
  }
}

/** Ranks that cut a range of at least `FAN_OUT` keys into equal parts. */
const equalCuts = (from: number, to: number): number[] =>
  Array.from({ length: FAN_OUT - 1 }, (_, i) => from + Math.floor(((to - from) * (i + 1)) / FAN_OUT));
