import { z } from 'zod';
import type { AnnouncementKind, BodyKind } from '../../network/index.ts';
import {
  contentId,
  contentIdSchema,
  decodeAttestation,
  decodeCanonical,
  decodeDisproof,
  decodeNotice,
  decodePack,
  decodeSubmission,
  decodeWorkClaim,
  encodeCanonical,
  InvalidRecordError,
  makeStatement,
  statementSchema,
  type ContentId,
  type SignedAttestation,
  type SignedDisproof,
  type SignedNotice,
  type SignedPack,
  type SignedSubmission,
  type Statement,
} from '../../record/index.ts';

const boardSchema = z.strictObject({
  what: z.enum(['pack', 'submission', 'notice', 'disproof']),
  id: contentIdSchema,
});
export type BoardAnnouncement = z.infer<typeof boardSchema>;

/** "I have this pack, submission, notice or disproof." */
export const BOARD_ANNOUNCEMENT: AnnouncementKind<BoardAnnouncement> = {
  name: 'board',
  scope: 'swarm',
  schema: boardSchema,
  keyOf: ({ id }) => id,
};

const claimSchema = z.strictObject({
  claim: z.instanceof(Uint8Array<ArrayBuffer>).refine((b) => b.length <= 900),
});
export type ClaimAnnouncement = z.infer<typeof claimSchema>;

/** "I am working on that statement", signed, with each heartbeat anew. */
export const CLAIM_ANNOUNCEMENT: AnnouncementKind<ClaimAnnouncement> = {
  name: 'claim',
  scope: 'swarm',
  schema: claimSchema,
  isDispensable: true,
  keyOf: ({ claim }) => Buffer.from(claim).toString('base64'),
  check: ({ claim }, author) => {
    try {
      return decodeWorkClaim(claim).record.claimant === author;
    } catch (error) {
      if (error instanceof InvalidRecordError) return false;
      throw error;
    }
  },
};

export const PACK_BODY: BodyKind<SignedPack> = { name: 'pack', decode: decodePack };
export const SUBMISSION_BODY: BodyKind<SignedSubmission> = { name: 'submission', decode: decodeSubmission };
export const NOTICE_BODY: BodyKind<SignedNotice> = { name: 'notice', decode: decodeNotice };
export const DISPROOF_BODY: BodyKind<SignedDisproof> = { name: 'disproof', decode: decodeDisproof };
export const ATTESTATION_BODY: BodyKind<SignedAttestation> = {
  name: 'attestation',
  decode: decodeAttestation,
};

/** A statement's body with what its publisher says about it; the id vouches for the identity fields only. */
export const STATEMENT_BODY: BodyKind<Statement> = {
  name: 'statement',
  decode(bytes, id) {
    const parsed = statementSchema.safeParse(decodeCanonical(bytes, 'statement'));
    if (!parsed.success)
      throw new InvalidRecordError('statement', 'malformed', z.prettifyError(parsed.error));
    const statement = makeStatement(parsed.data);
    if (statement.id !== id) throw new InvalidRecordError('statement', 'wrong-id', `it is ${statement.id}`);
    return statement;
  },
};

export function encodeStatement(statement: Statement): Uint8Array {
  return encodeCanonical(Object.fromEntries(Object.entries(statement).filter(([field]) => field !== 'id')));
}

/** Of each list. */
const MAX_LISTED = 5000;
const idsSchema = z.array(contentIdSchema).max(MAX_LISTED);
const shelfSchema = z.strictObject({
  packs: idsSchema,
  submissions: idsSchema,
  notices: idsSchema,
  disproofs: idsSchema,
});
export type ShelfList = Readonly<Record<keyof z.infer<typeof shelfSchema>, readonly ContentId[]>>;

/** Asked for by a name instead of a hash: who comes late has heard no announcements. */
export const SHELF_ID: ContentId = contentId('proofswarm board 1');
export const SHELF_BODY: BodyKind<ShelfList> = {
  name: 'shelf',
  decode(bytes) {
    const parsed = shelfSchema.safeParse(decodeCanonical(bytes, 'shelf'));
    if (!parsed.success) throw new InvalidRecordError('shelf', 'malformed', z.prettifyError(parsed.error));
    return parsed.data;
  },
};

/** Where there is more than a list holds, any part of it: the rest comes with a later one. */
export function encodeShelf(list: ShelfList): Uint8Array {
  const some = (ids: readonly ContentId[]): ContentId[] => {
    const from = ids.length <= MAX_LISTED ? 0 : Math.floor(Math.random() * (ids.length - MAX_LISTED));
    return ids.slice(from, from + MAX_LISTED);
  };
  const { packs, submissions, notices, disproofs } = list;
  return encodeCanonical({
    packs: some(packs),
    submissions: some(submissions),
    notices: some(notices),
    disproofs: some(disproofs),
  });
}
