import { ApiError, type CommandHandlers } from '../../api/index.ts';
import type { Bank } from '../../memory/index.ts';
import type { Attempt, ContentId, Premise } from '../../record/index.ts';
import type { ApiHub } from './hub.ts';
import { pageOf } from './page.ts';
import { samePlace, type Place, type ProveSession } from './session.ts';
import type { ProveSessions } from './sessions.ts';
import type { StatementsArea } from './statements.ts';
import { premiseView } from './text.ts';

export interface ProveComponents {
  readonly hub: ApiHub;
  readonly bank: Bank;
  readonly sessions: ProveSessions;
  readonly statements: StatementsArea;
  /** Why a policy cannot be had; undefined where it can. */
  readonly missing: (policy: 'portfolio' | 'llama' | 'mixed') => string | undefined;
}

type Names = 'prove.start' | 'prove.stop' | 'prove.get' | 'prove.list' | 'prove.attempt' | 'prove.remove';

/** What a face can ask of prove sessions. */
export function proveHandlers(components: ProveComponents): Pick<CommandHandlers, Names> {
  const { hub, bank, sessions, statements, missing } = components;
  return {
    'prove.start': async ({ source, settings, origin }) => {
      const unavailable = missing(settings.policy);
      if (unavailable !== undefined) throw new ApiError('unsupported', unavailable);
      const statement =
        source.kind === 'statement'
          ? statements.find(source.statement).statement
          : statements.statementIn(source.text, source.name);
      // What was worked on is found again on the board.
      if (source.kind === 'text') await statements.add([statement]);
      return { session: sessions.start(statement, settings, origin).summary };
    },
    'prove.stop': ({ session }) => {
      sessions.stop(session);
      return {};
    },
    'prove.get': ({ session }) => ({ seq: hub.seq, view: sessions.get(session).view() }),
    'prove.list': ({ cursor, limit }) => pageOf(sessions.list(), cursor, limit, ({ id }) => id),
    'prove.attempt': async ({ session, rollout, round, candidate }) => {
      const found = sessions.get(session);
      const attempt = await attemptOf(found, { rollout, round, candidate }, bank);
      return { attempt, premises: await premisesOf(attempt.retrieved, bank) };
    },
    'prove.remove': ({ session }) => {
      sessions.remove(session);
      return {};
    },
  };
}

/** What a long session no longer has at hand is in the bank once it has ended; the last of several runs is meant. */
async function attemptOf(session: ProveSession, place: Place, bank: Bank): Promise<Attempt> {
  const kept = session.attempt(place);
  if (kept !== undefined) return kept;
  const recorded = await bank.trajectory(session.statement.id);
  const attempt = recorded.findLast((candidate) => samePlace(candidate, place));
  if (attempt === undefined) throw new ApiError('not-found', 'there is no such attempt');
  return attempt;
}

async function premisesOf(ids: readonly ContentId[], bank: Bank): Promise<ReturnType<typeof premiseView>[]> {
  const found = await Promise.all(
    ids.slice(0, 16).map(async (id): Promise<Premise | undefined> => {
      const proof = await bank.proof(id);
      const statement = proof && (await bank.statement(proof.record.statement));
      return proof && statement && { id, statement, submission: proof.record.submission, score: 0 };
    }),
  );
  return found.filter((premise) => premise !== undefined).map(premiseView);
}
