import { z } from 'zod';
import { contentIdSchema, decodeAttestation, InvalidRecordError, type PeerId } from '../../record/index.ts';
import { bytesSchema } from '../wire/messages.ts';
import { MAX_ANNOUNCEMENT_BYTES } from './envelope.ts';

/** One kind of announcement: what it says, and where it is said. */
export interface AnnouncementKind<T> {
  /** At most 16 characters; goes over the wire. */
  readonly name: string;
  /** Said to those who work in one environment, or to all. */
  readonly scope: 'environment' | 'swarm';
  /** Strict, and bounded in every field. */
  readonly schema: z.ZodType<T>;
  /** Goes unsaid first where this node has much to say. */
  readonly isDispensable?: boolean;
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

export const attestationAnnouncementSchema = z.strictObject({
  /** As `encodeAttestation` writes it: who re-checked is inside, signed. */
  attestation: bytesSchema().refine((bytes) => bytes.length < MAX_ANNOUNCEMENT_BYTES, 'too long'),
});
export type AttestationAnnouncement = z.infer<typeof attestationAnnouncementSchema>;

/** "I re-checked that record with that checker." */
export const ATTESTATION_ANNOUNCEMENT: AnnouncementKind<AttestationAnnouncement> = {
  name: 'attestation',
  scope: 'environment',
  schema: attestationAnnouncementSchema,
  isDispensable: true,
  // Each has bytes of its own: a signer who repeats itself is limited like any author.
  keyOf: ({ attestation }) => Buffer.from(attestation).toString('base64'),
  check: ({ attestation }, author) => {
    try {
      // Spoken for by its own signer only: else anybody could use up what is heard about it.
      return decodeAttestation(attestation).record.peer === author;
    } catch (error) {
      if (error instanceof InvalidRecordError) return false;
      throw error;
    }
  },
};
