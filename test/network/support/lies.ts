import { randomBytes } from 'node:crypto';
import type { Stream } from '@libp2p/interface';
import { MAX_ANNOUNCEMENT_BYTES } from '../../../core/network/announce/envelope.ts';
import { environmentTopic } from '../../../core/network/announce/topics.ts';
import type { Offence } from '../../../core/network/index.ts';
import {
  decodeRequest,
  encodeAnswer,
  PROOF_KIND,
  RECORDS_PROTOCOL,
} from '../../../core/network/records/protocol.ts';
import { END } from '../../../core/network/sync/key.ts';
import { encodeHello } from '../../../core/network/sync/hello.ts';
import { FINGERPRINT_BYTES } from '../../../core/network/sync/record-set.ts';
import { SYNC_PROTOCOL } from '../../../core/network/sync/syncer.ts';
import { TurnWriter } from '../../../core/network/sync/turn.ts';
import { idOf } from '../../../core/network/wire/digest.ts';
import {
  contentId,
  encodeCanonical,
  encodeClaim,
  sign,
  type ClaimedProof,
  type ContentId,
  type Identity,
} from '../../../core/record/index.ts';
import { claimOf, CORE, identityOf, START_TIME } from './claims.ts';
import { ended, framesIn } from './frames-in.ts';
import { announcement, publication } from './gossip-frames.ts';
import { framed, type HostilePeer, type Reachable } from './hostile.ts';

/** One hostile peer telling one lie to one node. */
export interface Telling {
  readonly liar: HostilePeer;
  readonly identity: Identity;
  readonly victim: Reachable & { readonly peer: string };
  /** Another honest node, in whose name lies are told. */
  readonly honest: Identity;
  /** Unlike any other's: which numbered statements are this one's to lie about. */
  readonly number: number;
}

export interface Lie {
  readonly name: string;
  /** For which of these the peer is cut off; for none where it is set aside only, as it is merely slow. */
  readonly offences: readonly Offence[];
  /** Told again and again until the peer is cut off. Ends when the victim has had its say. */
  readonly tell: (telling: Telling, round: number) => Promise<void>;
  /** Answers a request for records that the lie has led to. */
  readonly answer?: (stream: Stream, digests: readonly Uint8Array[], telling: Telling) => Promise<void>;
}

const TOPIC = environmentTopic(CORE);
const DAY = 24 * 60 * 60_000;
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What never holds: the judge of these tests accepts what honest nodes found and nothing else. */
const falseClaim = ({ identity, number }: Telling, n: number): ClaimedProof =>
  claimOf(100_000 + number * 1000 + n, { by: identity });

/** @param author whose announcement it passes on; its own unless given, so that it promises to have the record */
async function announce(telling: Telling, record: ContentId, author = telling.identity): Promise<void> {
  const { statement } = claimOf(telling.number);
  const body = { record, statement: statement.id, createdAt: START_TIME };
  const { liar, victim } = telling;
  await liar.gossip(victim, await publication(author, TOPIC, announcement('proof', body)));
}

/** Somebody who is not there: only the one to whom the lie is told asks the liar then. */
const nobody = ({ number }: Telling): Identity => identityOf(20_000 + number);

const absent = (digests: readonly Uint8Array[]): Uint8Array =>
  framed(encodeAnswer({ kind: 'absent', digests: [...digests], reason: 'unknown' }));

const body = (digest: Uint8Array, bytes: Uint8Array): Uint8Array =>
  framed(encodeAnswer({ kind: 'body', digest, body: bytes, vouched: true }));

/** Says what it has, one record a round, and waits until it was asked. */
function offering(
  name: string,
  offence: Offence,
  claimed: (telling: Telling, n: number) => { readonly id: ContentId; readonly bytes: Uint8Array },
): Lie {
  const offered = new Map<ContentId, Uint8Array>();
  return {
    name,
    offences: [offence],
    tell: async (telling, round) => {
      const { id, bytes } = claimed(telling, round);
      offered.set(id, bytes);
      await announce(telling, id, nobody(telling));
      await pause(200);
    },
    answer: async (stream, digests) => {
      for (const digest of digests) {
        const bytes = offered.get(idOf(digest));
        stream.send(bytes === undefined ? absent([digest]) : body(digest, bytes));
      }
      await stream.close();
    },
  };
}

/** Announces what it will be asked for, and answers in bad form. */
function answering(name: string, offences: readonly Offence[], answer: NonNullable<Lie['answer']>): Lie {
  return {
    name,
    offences,
    tell: async (telling) => {
      await announce(telling, idOf(new Uint8Array(randomBytes(32))), nobody(telling));
      await pause(200);
    },
    answer,
  };
}

/** Opens a stream, says something that is wrong, and waits until the other side ends it. */
const speaking = (
  name: string,
  protocol: string,
  offences: readonly Offence[],
  say: (stream: Stream) => void,
): Lie => ({
  name,
  offences,
  tell: async ({ liar, victim }) => {
    const stream = await liar.open(victim, protocol);
    say(stream);
    await ended(stream);
  },
});

/** A greeting whose clock is wrong by a day, ahead or behind. */
const hello = (now: number): Uint8Array =>
  framed(encodeHello({ records: 7, now, salt: new Uint8Array(randomBytes(16)) }));
const wrongTime = (number: number): number => Date.now() + (number % 2 === 0 ? DAY : -DAY);

function endlessTurn(): Uint8Array {
  const turn = new TurnWriter();
  const fingerprint = new Uint8Array(randomBytes(FINGERPRINT_BYTES));
  turn.write({ kind: 'fingerprint', upper: END, fingerprint });
  return framed(turn.finish());
}

function forgedAuthor(
  { identity, honest, number }: Telling,
  n: number,
): { id: ContentId; bytes: Uint8Array } {
  const { signed, statement } = claimOf(100_000 + number * 1000 + n, { by: identity });
  const record = { ...signed.record, finder: { ...signed.record.finder, peer: honest.peer } };
  const signature = sign('proofswarm/proof/1', encodeCanonical(record), identity);
  return {
    id: contentId(record),
    bytes: encodeClaim({ signed: { id: contentId(record), record, signature }, statement }),
  };
}

/** Every way in which a peer can lie to another, as far as it is to be blamed for it. */
export const LIES: readonly Lie[] = [
  offering('false proofs', 'refused-by-kernel', (telling, n) => {
    const claim = falseClaim(telling, n);
    return { id: claim.signed.id, bytes: encodeClaim(claim) };
  }),
  offering('records under other records’ ids', 'forged', (telling, n) => ({
    id: falseClaim(telling, n).signed.id,
    bytes: encodeClaim(falseClaim(telling, n + 500)),
  })),
  offering('records with signatures that do not hold', 'forged', (telling, n) => {
    const { signed, statement } = falseClaim(telling, n);
    const signature = Uint8Array.from(signed.signature, (byte, at) => (at === 5 ? byte ^ 1 : byte));
    return { id: signed.id, bytes: encodeClaim({ signed: { ...signed, signature }, statement }) };
  }),
  offering('records in an honest node’s name', 'forged', forgedAuthor),
  answering('frames of four gigabytes', ['oversized'], async (stream) => {
    stream.send(framed(randomBytes(10), 0xffffffff));
    await ended(stream);
  }),
  answering('endless answers to what nobody asked', ['malformed', 'oversized'], async (stream) => {
    while (stream.status === 'open') {
      stream.send(absent([new Uint8Array(randomBytes(32))]));
      await pause(5);
    }
  }),
  answering('no answer at all', [], ended),
  {
    name: 'announcements of what it has not',
    offences: ['phantom', 'flood'],
    tell: async (telling) => {
      await announce(telling, idOf(new Uint8Array(randomBytes(32))));
      await pause(100);
    },
    answer: async (stream, digests) => {
      stream.send(absent(digests));
      await stream.close();
    },
  },
  speaking('nonsense as reconciliation', SYNC_PROTOCOL, ['malformed'], (stream) =>
    stream.send(framed(randomBytes(100))),
  ),
  speaking('nonsense as a request', RECORDS_PROTOCOL, ['malformed'], (stream) =>
    stream.send(framed(randomBytes(100))),
  ),
  speaking('a reconciliation that drips', SYNC_PROTOCOL, [], (stream) => {
    stream.send(Uint8Array.of(0, 0, 0, 100));
    const drip = setInterval(() => {
      if (stream.status === 'open') stream.send(new Uint8Array(1));
      else clearInterval(drip);
    }, 100);
  }),
  {
    name: 'reconciliation without an end, by a clock a day off',
    offences: ['loop'],
    tell: async ({ liar, victim, number }) => {
      const stream = await liar.open(victim, SYNC_PROTOCOL);
      stream.send(hello(wrongTime(number)));
      stream.send(endlessTurn());
      let frames = 0;
      const frameIn = framesIn(stream);
      // The first is the greeting.
      while ((await frameIn.next()).done !== true) if (frames++ > 0) stream.send(endlessTurn());
    },
  },
  {
    name: 'a flood of announcements',
    offences: ['flood', 'phantom'],
    tell: async (telling) => {
      for (let i = 0; i < 50; i++) await announce(telling, idOf(new Uint8Array(randomBytes(32))));
      await pause(50);
    },
    answer: async (stream, digests) => {
      stream.send(absent(digests));
      await stream.close();
    },
  },
  {
    name: 'nonsense as gossip',
    offences: ['malformed'],
    tell: async ({ liar, identity, victim }) => {
      await liar.gossip(victim, await publication(identity, TOPIC, new Uint8Array(randomBytes(100))));
      await pause(50);
    },
  },
  {
    name: 'announcements that are too long',
    offences: ['oversized', 'malformed'],
    tell: async ({ liar, identity, victim }) => {
      const long = new Uint8Array(randomBytes(MAX_ANNOUNCEMENT_BYTES + 1));
      await liar.gossip(victim, await publication(identity, TOPIC, long));
      await pause(50);
    },
  },
  {
    name: 'gossip in an honest node’s name',
    offences: ['malformed'],
    tell: async ({ liar, identity, victim, honest }, round) => {
      const record = idOf(new Uint8Array(randomBytes(32)));
      const said = { record, statement: record, createdAt: round };
      const data = announcement('proof', said);
      await liar.gossip(victim, await publication(identity, TOPIC, data, honest.peer));
      await pause(50);
    },
  },
];

/** Requests for records that come to a hostile peer, answered as the lie that it tells the asker wants it. */
export async function serveLies(liar: HostilePeer, tellingTo: (peer: string) => [Telling, Lie] | undefined) {
  await liar.node.handle(RECORDS_PROTOCOL, async (stream, connection) => {
    const told = tellingTo(connection.remotePeer.toString());
    for await (const frame of framesIn(stream)) {
      const request = decodeRequest(frame);
      if (told?.[1].answer === undefined || request.kind !== PROOF_KIND) {
        stream.abort(new Error('no'));
        return;
      }
      await told[1].answer(stream, request.digests, told[0]);
    }
  });
}
