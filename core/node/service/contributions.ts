import type { CommandHandlers } from '../../api/index.ts';
import type { Bank } from '../../memory/index.ts';
import type { Identity } from '../../record/index.ts';
import { localDay } from './activity.ts';
import type { ProofIndex } from './proof-index.ts';

export interface ContributionsComponents {
  readonly bank: Bank;
  readonly identity: Identity;
  readonly proofs: ProofIndex;
}

const MAX_DAYS = 366;

/** Counts of signed records, this node's and all others'. */
export function contributionsHandlers({
  bank,
  identity,
  proofs,
}: ContributionsComponents): Pick<CommandHandlers, 'contributions.mine' | 'contributions.leaderboard'> {
  return {
    'contributions.mine': async () => {
      const own = proofs.ofOwn();
      const { attempts, milliseconds } = await bank.effort();
      const days = new Map<string, number>();
      for (const { createdAt } of own)
        days.set(localDay(createdAt), (days.get(localDay(createdAt)) ?? 0) + 1);
      return {
        contributions: {
          peer: identity.peer,
          proofs: own.length,
          statements: new Set(own.map(({ statement }) => statement)).size,
          firsts: own.filter((entry) => proofs.isFirst(entry)).length,
          attempts,
          computeSeconds: milliseconds / 1000,
          days: [...days].slice(-MAX_DAYS).map(([day, count]) => ({ day, proofs: count })),
        },
      };
    },
    'contributions.leaderboard': ({ cursor, limit }) => {
      const standings = [...proofs.byPeer()].sort(
        ([peerA, a], [peerB, b]) => b.firsts - a.firsts || b.proofs - a.proofs || (peerA < peerB ? -1 : 1),
      );
      const from = Math.max(0, Number.parseInt(cursor ?? '0', 10) || 0);
      const items = standings.slice(from, from + limit).map(([peer, tally], index) => ({
        rank: from + index + 1,
        peer,
        ...tally,
        own: peer === identity.peer,
      }));
      const next = from + items.length;
      return { items, total: standings.length, ...(next < standings.length ? { next: String(next) } : {}) };
    },
  };
}
