import { Credibility } from '../../../core/network/claims/index.ts';
import {
  makePack,
  OpenBoard,
  type BoardEvent,
  type OpenBoardInit,
} from '../../../core/network/board/index.ts';
import {
  contentId,
  createIdentity,
  makeStatement,
  signSubmission,
  type ContentId,
  type Identity,
  type SignedPack,
  type SignedSubmission,
  type Statement,
} from '../../../core/record/index.ts';
import { negate } from '../../../core/statement/index.ts';

export const CORE = { lean: '4.28.0-pre', library: 'core' } as const;
export const DAY = 86_400_000;
export const START = 1_700_000_000_000;

export const person = (seed: number): Identity => {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, seed);
  return createIdentity(bytes);
};
export const CURATOR = person(1);
export const OTHER_CURATOR = person(2);
export const STRANGER = person(3);

export const theorem = (name: string): Statement =>
  makeStatement({ environment: CORE, header: '', formal: `theorem ${name} (n : Nat) : n < 5`, name });

export const pack = (
  statements: readonly Statement[],
  version = 1,
  { curator = CURATOR, name = 'p', createdAt = START, priority = 4 } = {},
): SignedPack =>
  makePack(
    statements,
    { name, version, description: '', licence: 'MIT', createdAt, priorityOf: () => priority },
    curator,
  );

export const submission = (
  statement: Statement,
  submitter: Identity = STRANGER,
  createdAt = START,
): SignedSubmission => {
  const { environment, header, formal, name } = statement;
  const record = { environment, header, formal, name };
  return signSubmission({ statement: record, submitter: submitter.peer, createdAt }, submitter);
};

/** A record's id in the bank. */
export const proofId = (text: string): ContentId => contentId(`proof ${text}`);

/** A board with everything around it in plain sight. */
export function testBoard(init: OpenBoardInit = {}, trusted: readonly Identity[] = [CURATOR, OTHER_CURATOR]) {
  const clock = { now: START };
  const claimed = new Set<ContentId>();
  /** Proof record id → statement id, as this node's kernel accepted them. */
  const verified = new Map<ContentId, ContentId>();
  const trust = new Set(trusted.map(({ peer }) => peer));
  const credibility = new Credibility();
  const board = new OpenBoard(
    {
      trust: { trusts: (peer) => trust.has(peer) },
      credibility,
      isClaimed: (id) => claimed.has(id),
      negate: (statement) => {
        const negation = negate(statement);
        return negation.kind === 'stated' ? negation.statement : undefined;
      },
      isVerified: (proof, statement) => verified.get(proof) === statement,
      proofOf: (statement) => [...verified].find(([, id]) => id === statement)?.[0],
      now: () => clock.now,
      tick: () => clock.now,
    },
    init,
  );
  const events: BoardEvent[] = [];
  board.subscribe((event) => events.push(event));
  /** Elaborates all that waits, successfully. */
  const elaborateAll = (): Statement[] => {
    const done: Statement[] = [];
    for (let next = board.nextToElaborate(); next !== undefined; next = board.nextToElaborate()) {
      board.elaborated(next.id, { kind: 'elaborates' });
      done.push(next);
    }
    return done;
  };
  return { board, clock, claimed, verified, trust, credibility, events, elaborateAll };
}
