import type { TeamStanding } from '../../api/index.ts';
import { teamKey, type ContentId, type ContributorProfile, type PeerId } from '../../record/index.ts';
import type { ProofIndex } from './proof-index.ts';

type Claims = Pick<ContributorProfile, 'name' | 'team' | 'donated'>;

export interface TeamsComponents {
  readonly own: PeerId;
  readonly proofs: Pick<ProofIndex, 'all' | 'byPeer' | 'proofOf' | 'version'>;
  /** What each contributor says of itself, this node included. */
  readonly claims: () => Iterable<readonly [PeerId, Claims]>;
  /** Another number after each change of the claims. */
  readonly version: () => string;
}

interface Team {
  /** How it is written, and how much those have proved who write it so. */
  readonly spellings: Map<string, number>;
  /** Proved by a member after somebody else, in another team or none. */
  readonly others: Set<ContentId>;
  members: number;
  proofs: number;
  firsts: number;
  lastAt: number | undefined;
  gpuSeconds: number;
  cpuSeconds: number;
  own: boolean;
}

/** Teams in their order: what their members have proved, summed from the signed records of this bank. */
export class Teams {
  readonly #components: TeamsComponents;
  #standings: { readonly of: string; readonly list: readonly TeamStanding[] } | undefined;

  constructor(components: TeamsComponents) {
    this.#components = components;
  }

  get standings(): readonly TeamStanding[] {
    const { proofs, version } = this.#components;
    const of = `${proofs.version} ${version()}`;
    if (this.#standings?.of !== of) this.#standings = { of, list: this.#count() };
    return this.#standings.list;
  }

  #count(): TeamStanding[] {
    const { own, proofs, claims } = this.#components;
    const teams = new Map<string, Team>();
    const teamOf = new Map<PeerId, Team>();
    for (const [peer, { team: name, donated }] of claims()) {
      if (name === undefined) continue;
      const key = teamKey(name);
      const team = teams.get(key) ?? newTeam();
      teams.set(key, team);
      teamOf.set(peer, team);
      const tally = proofs.byPeer().get(peer);
      team.spellings.set(name, (team.spellings.get(name) ?? 0) + (tally?.proofs ?? 0));
      team.members++;
      team.proofs += tally?.proofs ?? 0;
      team.firsts += tally?.firsts ?? 0;
      if (tally !== undefined) team.lastAt = Math.max(team.lastAt ?? 0, tally.lastAt);
      team.gpuSeconds += donated?.gpuSeconds ?? 0;
      team.cpuSeconds += donated?.cpuSeconds ?? 0;
      team.own ||= peer === own;
    }
    // Of some 100,000 proofs: a set of all statements of a team would take ten times as long.
    for (const { peer, statement } of proofs.all()) {
      const team = teamOf.get(peer);
      const first = team && proofs.proofOf(statement)?.peer;
      // Those that a member was the first to prove are counted already.
      if (first !== undefined && teamOf.get(first) !== team) team?.others.add(statement);
    }
    return [...teams]
      .sort(([a, x], [b, y]) => y.firsts - x.firsts || y.proofs - x.proofs || (a < b ? -1 : 1))
      .map(([, team], index) => view(team, index + 1));
  }
}

const newTeam = (): Team => ({
  spellings: new Map(),
  others: new Set(),
  members: 0,
  proofs: 0,
  firsts: 0,
  lastAt: undefined,
  gpuSeconds: 0,
  cpuSeconds: 0,
  own: false,
});

function view(team: Team, rank: number): TeamStanding {
  const [[name] = ['']] = [...team.spellings].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const { members, proofs, firsts, others, lastAt, gpuSeconds, cpuSeconds, own } = team;
  return {
    rank,
    team: name,
    members,
    proofs,
    firsts,
    statements: firsts + others.size,
    ...(lastAt === undefined ? {} : { lastAt }),
    hours: { gpuSeconds, cpuSeconds },
    own,
  };
}
