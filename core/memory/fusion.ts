/** Damping of reciprocal rank fusion; 60 is the value of Cormack, Clarke and Büttcher (SIGIR 2009). */
const DAMPING = 60;

export interface Ranked {
  readonly id: string;
  readonly score: number;
}

/**
 * Reciprocal rank fusion: Σ 1/(60 + rank) over the rankings that hold an id, best first. Equal scores are ordered by
 * the first ranking that holds the id, so that the outcome is deterministic.
 */
export function fuse(rankings: readonly (readonly string[])[]): Ranked[] {
  const scores = new Map<string, number>();
  for (const ranking of rankings) {
    [...new Set(ranking)].forEach((id, rank) =>
      scores.set(id, (scores.get(id) ?? 0) + 1 / (DAMPING + rank + 1)),
    );
  }
  return [...scores].map(([id, score]) => ({ id, score })).sort((a, b) => b.score - a.score);
}
