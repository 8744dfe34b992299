import { z } from 'zod';
import { contentIdSchema } from './canonical.ts';
import { peerIdSchema } from './identity.ts';
import { signedCodec, timestampSchema, type Signed } from './signed-kind.ts';
import { textSchema } from './text.ts';

/** Most statements of one pack; a larger corpus is several packs. */
export const MAX_PACK_ENTRIES = 10_000;
/** From 0 (whenever there is nothing better) to 9 (first of all); what a curator says nothing about has this one. */
export const DEFAULT_PRIORITY = 4;

export const packNameSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'expected lower-case letters, digits and inner hyphens');

export const packEntrySchema = z.strictObject({
  statement: contentIdSchema,
  priority: z.int().min(0).max(9),
});
export type PackEntry = z.infer<typeof packEntrySchema>;

/**
 * What a curator puts up to be proved: the ids of statements, whose bodies travel beside and are told by their ids. A
 * higher version under the same curator and name takes the place of a lower one.
 */
export const statementPackSchema = z.strictObject({
  curator: peerIdSchema,
  name: packNameSchema,
  version: z.int().min(1).max(1_000_000_000),
  description: textSchema(2000),
  /** An SPDX expression for the statements' texts. */
  licence: textSchema(100).min(1),
  /** Ascending by id, each once, so that a set of statements has one encoding. */
  entries: z
    .array(packEntrySchema)
    .min(1)
    .max(MAX_PACK_ENTRIES)
    .refine(ascending, 'not in ascending order of ids'),
  /** Where the bodies may be had beside the network. */
  links: z
    .array(textSchema(500).pipe(z.url({ protocol: /^https$/ })))
    .max(8)
    .optional(),
  createdAt: timestampSchema,
});
export type StatementPack = z.infer<typeof statementPackSchema>;
export type SignedPack = Signed<StatementPack>;

/** Signed by the curator. */
export const {
  sign: signPack,
  encode: encodePack,
  decode: decodePack,
} = signedCodec<StatementPack>({
  name: 'statement pack',
  domain: 'proofswarm/pack/1',
  schema: statementPackSchema,
  signer: (record) => record.curator,
  maxBytes: 1_000_000,
});

function ascending(entries: readonly PackEntry[]): boolean {
  return entries.every((entry, i) => i === 0 || (entries[i - 1]?.statement ?? '') < entry.statement);
}
