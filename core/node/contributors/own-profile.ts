import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  displayNameSchema,
  signProfile,
  type ContributorProfile,
  type Identity,
  type SignedProfile,
} from '../../record/index.ts';
import { writeWhole } from '../write-whole.ts';
import type { ComputeSeconds } from './compute-log.ts';
import { MAX_AHEAD_MS, type ProfileBook } from './profile-book.ts';

/** What the user wants others to know. */
export interface ProfileChoice {
  readonly name?: string | undefined;
  readonly team?: string | undefined;
  /** Whether others are told of the hours. */
  readonly shareHours: boolean;
}

const fileSchema = z.object({
  version: z.literal(1),
  name: displayNameSchema.optional(),
  team: displayNameSchema.optional(),
  shareHours: z.boolean(),
});

export interface OwnProfileComponents {
  readonly identity: Identity;
  readonly book: Pick<ProfileBook, 'of' | 'putOwn'>;
  readonly hours: () => ComputeSeconds;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Hours that have grown by less are not worth another record. */
const WORTH_SECONDS = 360;
const NOTHING: ProfileChoice = { shareHours: false };

/**
 * What this node says of itself: `profile.json` of the data directory. Nothing is said before the user has chosen to; from then on
 * there is a profile, if an empty one, so that taking a name back reaches those who have heard it.
 */
export class OwnProfile {
  readonly #file: string;
  readonly #components: OwnProfileComponents;
  readonly #listeners = new Set<() => void>();
  #choice: ProfileChoice;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: string, components: OwnProfileComponents, choice: ProfileChoice) {
    this.#file = file;
    this.#components = components;
    this.#choice = choice;
  }

  /** A file that cannot be read counts as none: the user sees an empty form. */
  static async open(dataDirectory: string, components: OwnProfileComponents): Promise<OwnProfile> {
    const file = path.join(dataDirectory, 'profile.json');
    try {
      const { name, team, shareHours } = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      return new OwnProfile(file, components, { name, team, shareHours });
    } catch {
      return new OwnProfile(file, components, NOTHING);
    }
  }

  get choice(): ProfileChoice {
    return this.#choice;
  }

  /** As a record says it, of now. */
  get claims(): Pick<ContributorProfile, 'name' | 'team' | 'donated'> {
    const { name, team, shareHours } = this.#choice;
    const { gpu, cpu, lean } = this.#components.hours();
    return {
      ...(name === undefined ? {} : { name }),
      ...(team === undefined ? {} : { team }),
      ...(shareHours ? { donated: { gpuSeconds: Math.floor(gpu), cpuSeconds: Math.floor(cpu + lean) } } : {}),
    };
  }

  /** On disk when it resolves. */
  async set(choice: ProfileChoice): Promise<void> {
    const text = `${JSON.stringify({ version: 1, ...choice })}\n`;
    const write = this.#last.then(async () => {
      await writeWhole(this.#file, text, 0o600);
      this.#choice = choice;
    });
    this.#last = write.catch(() => undefined);
    await write;
    for (const listener of this.#listeners) listener();
  }

  /** Calls back after each choice. Returns its undo. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Signs what is new and puts it into the book; undefined where nothing is. */
  renew(): SignedProfile | undefined {
    const { identity, book, now } = this.#components;
    const before = book.of(identity.peer)?.record;
    const { claims } = this;
    if (before === undefined ? Object.keys(claims).length === 0 : !isNews(before, claims)) return undefined;
    // Later than the last, though the clock was set back meanwhile; of a time that others would have refused, they have none.
    const last = before === undefined || before.createdAt > now() + MAX_AHEAD_MS ? 0 : before.createdAt;
    const record = { peer: identity.peer, ...claims, createdAt: Math.max(now(), last + 1) };
    const signed = signProfile(record, identity);
    book.putOwn(signed);
    return signed;
  }
}

type Claims = OwnProfile['claims'];

function isNews(before: Claims, claims: Claims): boolean {
  if (before.name !== claims.name || before.team !== claims.team) return true;
  const [told, mine] = [before.donated, claims.donated];
  if (told === undefined || mine === undefined) return told !== mine;
  const grown = (key: 'gpuSeconds' | 'cpuSeconds'): boolean =>
    Math.abs(mine[key] - told[key]) >= WORTH_SECONDS;
  return grown('gpuSeconds') || grown('cpuSeconds');
}
