import { z } from 'zod';
import { contentIdSchema, type PeerId } from '../../record/index.ts';

/** One kind of announcement: what it says, and where it is said. */
export interface AnnouncementKind<T> {
  /** At most 16 characters; goes over the wire. */
  readonly name: string;
  /** Said to those who work in one environment, or to all. */
  readonly scope: 'environment' | 'swarm';
  /** Strict, and bounded in every field. */
  readonly schema: z.ZodType<T>;
  /** What it is about: one author is heard once about it, and few authors altogether. */
  keyOf(body: T): string;
  /**
   * A quick check that every node decides in the same way, such as a signature inside; who passes on what fails it is
   * blamed. Must take less than a millisecond or two: it runs before the announcement is passed on.
   */
  check?(body: T, author: PeerId): boolean;
}

export const proofAnnouncementSchema = z.strictObject({
  /** The proof record's id. */
  record: contentIdSchema,
  statement: contentIdSchema,
  /** As it stands in the record. */
  createdAt: z.int().min(0),
});
export type ProofAnnouncement = z.infer<typeof proofAnnouncementSchema>;

/** "I hold a proof that my kernel accepted." */
export const PROOF_ANNOUNCEMENT: AnnouncementKind<ProofAnnouncement> = {
  name: 'proof',
  scope: 'environment',
  schema: proofAnnouncementSchema,
  keyOf: (body) => body.record,
};
