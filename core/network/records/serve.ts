import { setImmediate } from 'node:timers/promises';
import type { ContentId } from '../../record/index.ts';
import { StreamEndedError } from '../errors.ts';
import type { AbortOptions } from '../store.ts';
import { idOf } from '../wire/digest.ts';
import type { FrameChannel } from '../wire/channel.ts';
import { Deadline } from '../wire/deadline.ts';
import { pause } from '../wire/race.ts';
import type { TokenBucket } from '../wire/token-bucket.ts';
import type { UploadLimit } from './upload-limit.ts';
import {
  ANSWER_BUDGET_BYTES,
  decodeRequest,
  encodeAnswer,
  MAX_BODY_BYTES,
  MAX_REQUEST_BYTES,
} from './protocol.ts';

/** A body as it goes over the wire. */
export interface EncodedBody {
  readonly bytes: Uint8Array;
  /** Whether this node's own kernel accepted it; false for kinds that no kernel judges. */
  readonly vouched: boolean;
}

/** Finds a body of one kind. */
export type ReadBody = (id: ContentId, options: AbortOptions) => Promise<EncodedBody | undefined>;
/** Bodies by id; `unreadable` where it is there, and damaged. */
type FoundBodies = ReadonlyMap<ContentId, EncodedBody | 'unreadable'>;
/** Finds several bodies of one kind at once; those that are not there are not in the answer. */
export type ReadBodies = (ids: readonly ContentId[], options: AbortOptions) => Promise<FoundBodies>;

export const oneByOne =
  (read: ReadBody): ReadBodies =>
  async (ids, options) => {
    const found = new Map<ContentId, EncodedBody>();
    for (const id of ids) {
      const body = await read(id, options);
      if (body !== undefined) found.set(id, body);
    }
    return found;
  };

export interface ServeComponents {
  readonly kinds: ReadonlyMap<string, ReadBodies>;
  readonly channel: FrameChannel;
  /** Bytes that this peer may have; it waits for more than that. */
  readonly bucket: TokenBucket;
  /** Bytes that all peers together may have. */
  readonly upload: UploadLimit;
}

/** A peer is kept waiting so long and no longer: it would take this node for one that does not answer. */
const PATIENCE_MS = 5000;
/** Bodies that are read at once: a query costs the bank about the same for eight as for one, and so many are kept in memory. */
const READ_AHEAD = 8;
/** What looking for one body takes, there or not, in bytes that the peer may have: a small body counts as one of this size. */
const LOOKUP_BYTES = 2048;

export interface ServeInit {
  readonly frameTimeoutMs: number;
  /** How long the peer may be waited for in one answer, all frames together, before no further body is begun. */
  readonly answerTimeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Answers one request. A peer that asks for more than its share waits; one that does not read what it asked for loses
 * the stream. One that reads it slowly is given a part of it, and can ask for the rest again once others have had a turn.
 * @throws ProtocolViolationError, StreamEndedError, or the signal's reason
 */
export async function serveRecords(components: ServeComponents, init: ServeInit): Promise<void> {
  const { kinds, channel, bucket, upload } = components;
  const limits = { timeoutMs: init.frameTimeoutMs, signal: init.signal };
  /** Milliseconds spent waiting for the peer: what reading the bank and its own share take is not its fault. */
  let waited = 0;
  const wait = async <T>(exchange: Promise<T>): Promise<T> => {
    const deadline = new Deadline(init.answerTimeoutMs);
    const outcome = await exchange;
    waited += init.answerTimeoutMs - deadline.leftMs;
    return outcome;
  };
  const frame = await wait(channel.read({ maxBytes: MAX_REQUEST_BYTES, ...limits }));
  if (frame === undefined) throw new StreamEndedError('without a request');
  const request = decodeRequest(frame);
  const read = kinds.get(request.kind);
  const absent = { unknown: [] as Uint8Array[], 'too-large': [] as Uint8Array[] };
  let sent = 0;
  let ahead: FoundBodies = new Map();
  for (const [n, digest] of request.digests.entries()) {
    if (n % READ_AHEAD === 0 && read !== undefined) {
      const ids = request.digests.slice(n, n + READ_AHEAD).map(idOf);
      await pause(bucket.owe(ids.length * LOOKUP_BYTES, performance.now()), init.signal);
      ahead = await read(ids, { signal: init.signal });
      // Nothing below may wait, and others have their turn.
      await setImmediate();
    }
    const body = ahead.get(idOf(digest));
    if (body === undefined) {
      absent.unknown.push(digest);
      continue;
    }
    // Who offers what it has, and finds it damaged, is as little to blame as for what is too large.
    if (body === 'unreadable' || body.bytes.length > MAX_BODY_BYTES) {
      absent['too-large'].push(digest);
      continue;
    }
    if (sent > 0 && (sent + body.bytes.length > ANSWER_BUDGET_BYTES || waited >= init.answerTimeoutMs)) break;
    const debt = upload.debt(performance.now());
    if (debt > PATIENCE_MS) {
      if (sent > 0) break;
      throw new StreamEndedError('the upload limit is used up');
    }
    await pause(debt, init.signal);
    sent += body.bytes.length;
    upload.sent(body.bytes.length, performance.now());
    const beyondLookup = Math.max(0, body.bytes.length - LOOKUP_BYTES);
    await pause(bucket.owe(beyondLookup, performance.now()), init.signal);
    const answer = encodeAnswer({ kind: 'body', digest, body: body.bytes, vouched: body.vouched });
    await wait(channel.write(answer, limits));
  }
  for (const reason of ['unknown', 'too-large'] as const) {
    const digests = absent[reason];
    if (digests.length > 0) await channel.write(encodeAnswer({ kind: 'absent', digests, reason }), limits);
  }
  await channel.close();
}
