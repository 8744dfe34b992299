import { z } from 'zod';
import { peerIdSchema } from './identity.ts';
import { signedCodec, timestampSchema, type Signed } from './signed-kind.ts';
import { textDefect } from './text.ts';

/** Longest name of a contributor or a team, in UTF-16 code units. */
export const MAX_DISPLAY_NAME = 40;
/** Some three thousand years. */
const MAX_SECONDS = 100_000_000_000;

const SPACES = /[\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/gu;

/**
 * What could hide, reorder or break the text around a name: controls, what has no shape, what changes the direction of
 * writing, private use. Listed by code point and not by Unicode property, which grows from one version to the next: two nodes
 * must never judge one record differently.
 */
const UNSAFE =
  /[\u0000-\u001F\u007F-\u009F\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u08E2\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u2800\u3164\uE000-\uF8FF\uFDD0-\uFDEF\uFE00-\uFE0E\uFEFF\uFFA0\uFFF0-\uFFFF\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{10FFFF}]/u;
/** More than a letter of any script has; they would be drawn over the lines above and below. */
const PILED_MARKS = /[\u0300-\u036F\u0483-\u0489\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]{4}/u;

/** One form for what reads the same: composed characters, single blanks, none at the ends. Idempotent. */
export const normalizeDisplayName = (text: string): string =>
  text.normalize('NFC').replace(SPACES, ' ').trim();

/** Says why a text cannot be the name of a contributor or a team, or undefined where it can. */
export function displayNameDefect(text: string): string | undefined {
  if (text === '') return 'empty';
  const defect = textDefect(text, MAX_DISPLAY_NAME);
  if (defect !== undefined) return defect;
  const [unsafe] = UNSAFE.exec(text) ?? [];
  if (unsafe !== undefined) {
    const code = (unsafe.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `a character that cannot be seen or changes how text runs (U+${code})`;
  }
  return PILED_MARKS.test(text) ? 'more than three marks over one letter' : undefined;
}

/** A name that anybody may choose: bounded, in normal form, and safe to put into a line of other text. It proves nothing. */
export const displayNameSchema = z
  .string()
  // Before normalising, which is the sender's to make slow.
  .max(10 * MAX_DISPLAY_NAME)
  .overwrite(normalizeDisplayName)
  .superRefine((text, context) => {
    const defect = displayNameDefect(text);
    if (defect !== undefined) context.addIssue({ code: 'custom', message: defect });
  });

/** Names of one key are one team, however they are capitalised or how wide their letters are. */
export const teamKey = (team: string): string =>
  normalizeDisplayName(team.normalize('NFKC').toLowerCase()).normalize('NFKC');

const secondsSchema = z.int().min(0).max(MAX_SECONDS);

/** What a contributor says of itself. Nothing of it is checked but who says it; the newest of a peer holds. */
export const contributorProfileSchema = z.strictObject({
  peer: peerIdSchema,
  name: displayNameSchema.optional(),
  /** Whoever says it is in it is in it. */
  team: displayNameSchema.optional(),
  /** Time in which its processes worked on statements, since it began to count. */
  donated: z.strictObject({ gpuSeconds: secondsSchema, cpuSeconds: secondsSchema }).optional(),
  createdAt: timestampSchema,
});
export type ContributorProfile = z.infer<typeof contributorProfileSchema>;
export type SignedProfile = Signed<ContributorProfile>;

/** Signed by the peer. */
export const {
  sign: signProfile,
  encode: encodeProfile,
  decode: decodeProfile,
} = signedCodec<ContributorProfile>({
  name: 'contributor profile',
  domain: 'proofswarm/profile/1',
  schema: contributorProfileSchema,
  signer: (record) => record.peer,
  // An announcement has 1 KiB, its own wrapping included.
  maxBytes: 700,
});
