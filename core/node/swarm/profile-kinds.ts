import { z } from 'zod';
import type { AnnouncementKind, BodyKind } from '../../network/index.ts';
import {
  contentId,
  contentIdSchema,
  decodeCanonical,
  decodeProfile,
  encodeCanonical,
  InvalidRecordError,
  type ContentId,
  type SignedProfile,
} from '../../record/index.ts';

const announcementSchema = z.strictObject({
  /** As `encodeProfile` writes it. */
  profile: z.instanceof(Uint8Array<ArrayBuffer>).refine((bytes) => bytes.length <= 700, 'too long'),
});
export type ProfileAnnouncement = z.infer<typeof announcementSchema>;

/** "That is what I say of myself", signed. */
export const PROFILE_ANNOUNCEMENT: AnnouncementKind<ProfileAnnouncement> = {
  name: 'profile',
  scope: 'swarm',
  schema: announcementSchema,
  isDispensable: true,
  keyOf: ({ profile }) => Buffer.from(profile).toString('base64'),
  check: ({ profile }, author) => {
    try {
      return decodeProfile(profile).record.peer === author;
    } catch (error) {
      if (error instanceof InvalidRecordError) return false;
      throw error;
    }
  },
};

export const PROFILE_BODY: BodyKind<SignedProfile> = { name: 'profile', decode: decodeProfile };

const MAX_LISTED = 5000;
const listSchema = z.array(contentIdSchema).max(MAX_LISTED);

/** Asked for by a name instead of a hash: ids of the profiles that hold now, as those that were replaced are of no use. */
export const PROFILE_LIST_ID: ContentId = contentId('proofswarm profiles 1');
export const PROFILE_LIST_BODY: BodyKind<readonly ContentId[]> = {
  name: 'profiles',
  decode(bytes) {
    const parsed = listSchema.safeParse(decodeCanonical(bytes, 'list of profiles'));
    if (!parsed.success)
      throw new InvalidRecordError(
        'list of profiles',
        'malformed',
        z.prettifyError(parsed.error).slice(0, 1000),
      );
    return parsed.data;
  },
};

/** Where there are more than a list holds, any part of them: the rest comes with a later one. */
export function encodeProfileList(ids: readonly ContentId[]): Uint8Array {
  const from = ids.length <= MAX_LISTED ? 0 : Math.floor(Math.random() * (ids.length - MAX_LISTED));
  return encodeCanonical(ids.slice(from, from + MAX_LISTED));
}
