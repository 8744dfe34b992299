import { z } from 'zod';
import type { ContentId, PeerId } from '../record/index.ts';
import { selectBatches } from './queries.ts';
import type { Tables } from './tables.ts';

/** Who proved what and when, without the proof itself: what counts and lists are made of. */
export interface ProofEntry {
  readonly id: ContentId;
  readonly statement: ContentId;
  readonly peer: PeerId;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** What this node's attempts have cost. */
export interface Effort {
  readonly attempts: number;
  /** Wall-clock time of all attempts, added up. */
  readonly milliseconds: number;
}

const entryShape = {
  // Not looked at more closely: that was done when they came in, and takes a second for 100,000.
  id: z.string(),
  statement: z.string(),
  peer: z.string(),
  createdAt: z.number(),
};

/** Every proof, in batches, in no special order. Some microseconds each. */
export async function* proofEntries(tables: Tables): AsyncGenerator<readonly ProofEntry[]> {
  for await (const batch of selectBatches(tables.proofs, entryShape)) yield batch;
}

export async function effort(tables: Tables): Promise<Effort> {
  let attempts = 0;
  let milliseconds = 0;
  for await (const batch of selectBatches(tables.trajectories, { milliseconds: z.number() })) {
    attempts += batch.length;
    for (const row of batch) milliseconds += row.milliseconds;
  }
  return { attempts, milliseconds };
}
