import { ApiError, type CommandHandlers, type Contributions, type ProfileView } from '../../api/index.ts';
import type { Bank } from '../../memory/index.ts';
import {
  displayNameDefect,
  normalizeDisplayName,
  type ContributorProfile,
  type Identity,
  type PeerId,
} from '../../record/index.ts';
import type { ComputeSeconds } from '../contributors/index.ts';
import { localDay } from '../local-day.ts';
import type { ContributorParts } from './components.ts';
import { Teams } from './contributions-teams.ts';
import type { ProofIndex } from './proof-index.ts';

export interface ContributionsComponents {
  readonly bank: Pick<Bank, 'effort'>;
  readonly identity: Identity;
  readonly proofs: ProofIndex;
  readonly contributors: ContributorParts;
}

type Names =
  'contributions.mine' | 'contributions.leaderboard' | 'contributions.teams' | 'contributions.set-profile';
type Claims = Pick<ContributorProfile, 'name' | 'team' | 'donated'>;

const MAX_DAYS = 366;

/** Counts of signed records, this node's and all others'; what contributors say of themselves; and hours, measured and claimed. */
export function contributionsHandlers({
  bank,
  identity,
  proofs,
  contributors: { book, profile, compute },
}: ContributionsComponents): Pick<CommandHandlers, Names> {
  const own = identity.peer;
  const claimsOf = (peer: PeerId): Claims => (peer === own ? profile.claims : (book.of(peer)?.record ?? {}));
  const teams = new Teams({
    own,
    proofs,
    *claims() {
      yield [own, profile.claims];
      for (const { record } of book.all()) if (record.peer !== own) yield [record.peer, record];
    },
    version: () => `${book.version} ${JSON.stringify(profile.claims)}`,
  });
  const view = (): ProfileView => {
    const published = book.of(own)?.record.createdAt;
    return { ...defined(profile.choice), ...(published === undefined ? {} : { publishedAt: published }) };
  };
  return {
    'contributions.mine': async () => {
      const ofOwn = proofs.ofOwn();
      const { attempts } = await bank.effort();
      const { total, days } = compute.log;
      return {
        contributions: {
          peer: own,
          profile: view(),
          proofs: ofOwn.length,
          statements: new Set(ofOwn.map(({ statement }) => statement)).size,
          firsts: ofOwn.filter((entry) => proofs.isFirst(entry)).length,
          attempts,
          donated: inSeconds(total),
          days: daysOf(
            ofOwn.map(({ createdAt }) => createdAt),
            days,
          ),
        },
      };
    },
    'contributions.leaderboard': ({ cursor, limit }) => {
      const standings = [...proofs.byPeer()].sort(
        ([peerA, a], [peerB, b]) => b.firsts - a.firsts || b.proofs - a.proofs || (peerA < peerB ? -1 : 1),
      );
      return pageAt(standings, cursor, limit, ([peer, tally], index) => {
        const { name, team, donated } = claimsOf(peer);
        return {
          rank: index + 1,
          peer,
          ...defined({ name, team, hours: donated }),
          ...tally,
          own: peer === own,
        };
      });
    },
    'contributions.teams': ({ cursor, limit }) => pageAt(teams.standings, cursor, limit, (team) => team),
    'contributions.set-profile': async ({ shareHours, ...names }) => {
      const [name, team] = [chosen('name', names.name), chosen('team', names.team)];
      await profile.set({ ...defined({ name, team }), shareHours });
      return { profile: view() };
    },
  };
}

/** @throws ApiError where it can be nobody's name */
function chosen(what: 'name' | 'team', text: string): string | undefined {
  const name = normalizeDisplayName(text);
  if (name === '') return undefined;
  const defect = displayNameDefect(name);
  if (defect === undefined) return name;
  throw new ApiError('bad-input', `The ${what} cannot be used: ${defect}`);
}

/** The cursor is the place where the page begins. */
function pageAt<T, U>(
  all: readonly T[],
  cursor: string | undefined,
  limit: number,
  view: (item: T, index: number) => U,
): { items: U[]; total: number; next?: string } {
  const from = Math.max(0, Number.parseInt(cursor ?? '0', 10) || 0);
  const items = all.slice(from, from + limit).map((item, index) => view(item, from + index));
  const next = from + items.length;
  return { items, total: all.length, ...(next < all.length ? { next: String(next) } : {}) };
}

function daysOf(
  provedAt: readonly number[],
  worked: readonly (ComputeSeconds & { readonly day: string })[],
): Contributions['days'] {
  const days = new Map<string, Contributions['days'][number]>(
    worked.map(({ day, ...of }) => [day, { day, proofs: 0, ...inSeconds(of) }]),
  );
  for (const at of provedAt) {
    const day = localDay(at);
    const before = days.get(day) ?? { day, proofs: 0, ...inSeconds({ gpu: 0, cpu: 0, lean: 0 }) };
    days.set(day, { ...before, proofs: before.proofs + 1 });
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)).slice(-MAX_DAYS);
}

const inSeconds = ({ gpu, cpu, lean }: ComputeSeconds): Contributions['donated'] => ({
  gpuSeconds: gpu,
  cpuSeconds: cpu,
  leanSeconds: lean,
});

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Without what is undefined. */
const defined = <T extends object>(object: T): Defined<T> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>;
