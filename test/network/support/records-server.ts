import { encodeAnswer } from '../../../core/network/records/protocol.ts';
import type { RecordStore } from '../../../core/network/index.ts';
import { RecordsServer } from '../../../core/network/records/server.ts';
import type { Offence } from '../../../core/network/reputation/offences.ts';
import { Patience } from '../../../core/network/reputation/patience.ts';
import { digestOf } from '../../../core/network/wire/digest.ts';
import { encodeClaim, type ClaimedProof } from '../../../core/record/index.ts';

const RATE = { perSecond: 1e9, burst: 1e9 };
export const LIMITS = { timeoutMs: 2000 };

/** The answer that gives a claim's body, or other bytes in its place. */
export const bodyOf = (claim: ClaimedProof, bytes = encodeClaim(claim)): Uint8Array =>
  encodeAnswer({ kind: 'body', digest: digestOf(claim.signed.id), body: bytes, vouched: true });

export function serverOf(
  store: RecordStore,
  blamed: Offence[] = [],
  uploadLimit?: () => number,
  patience = new Patience({ emit: () => undefined }),
  bytesPerPeer = RATE,
  answerTimeoutMs = 1500,
): RecordsServer {
  return new RecordsServer(
    {
      store,
      bodies: new Map(),
      penalise: (_, offence) => blamed.push(offence),
      patience,
      ...(uploadLimit && { uploadLimit }),
    },
    { bytesPerPeer, frameTimeoutMs: 300, answerTimeoutMs },
  );
}
