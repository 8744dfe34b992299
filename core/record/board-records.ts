import { z } from 'zod';
import { contentIdSchema } from './canonical.ts';
import { peerIdSchema } from './identity.ts';
import { signedCodec, timestampSchema, type Signed } from './signed-kind.ts';
import { statementSchema } from './statement.ts';
import { textSchema } from './text.ts';

/** One statement that somebody puts up to be proved. */
export const submissionSchema = z.strictObject({
  statement: statementSchema,
  submitter: peerIdSchema,
  createdAt: timestampSchema,
});
export type Submission = z.infer<typeof submissionSchema>;
export type SignedSubmission = Signed<Submission>;

/** What an issuer says of a statement. It counts where it comes from who put the statement up, or from a trusted curator. */
export const noticeSchema = z.strictObject({
  issuer: peerIdSchema,
  statement: contentIdSchema,
  status: z.enum([
    /** Whoever put it up no longer asks for it. */
    'withdrawn',
    /** It does not say what it was meant to say. */
    'misstated',
  ]),
  detail: textSchema(1000),
  createdAt: timestampSchema,
});
export type Notice = z.infer<typeof noticeSchema>;
export type SignedNotice = Signed<Notice>;

/** "That proof record proves the negation of that statement." What the negation is, the receiver works out itself. */
export const disproofSchema = z.strictObject({
  statement: contentIdSchema,
  /** Id of the statement that says its negation. */
  negation: contentIdSchema,
  /** Id of the proof record of the negation. */
  proof: contentIdSchema,
  peer: peerIdSchema,
  createdAt: timestampSchema,
});
export type Disproof = z.infer<typeof disproofSchema>;
export type SignedDisproof = Signed<Disproof>;

/** Signed by the submitter. */
export const {
  sign: signSubmission,
  encode: encodeSubmission,
  decode: decodeSubmission,
} = signedCodec<Submission>({
  name: 'statement submission',
  domain: 'proofswarm/submission/1',
  schema: submissionSchema,
  signer: (record) => record.submitter,
  // A stranger's statement is read by everybody: room for a long header, none for a library.
  maxBytes: 65_536,
});

export const {
  sign: signNotice,
  encode: encodeNotice,
  decode: decodeNotice,
} = signedCodec<Notice>({
  name: 'statement notice',
  domain: 'proofswarm/notice/1',
  schema: noticeSchema,
  signer: (record) => record.issuer,
  maxBytes: 8192,
});

export const {
  sign: signDisproof,
  encode: encodeDisproof,
  decode: decodeDisproof,
} = signedCodec<Disproof>({
  name: 'disproof',
  domain: 'proofswarm/disproof/1',
  schema: disproofSchema,
  signer: (record) => record.peer,
  maxBytes: 1024,
});
