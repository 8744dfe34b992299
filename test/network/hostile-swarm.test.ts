import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SWARM_TOPIC } from '../../core/network/announce/topics.ts';
import { encodeWorkClaim, signWorkClaim, type ContentId, type Identity } from '../../core/record/index.ts';
import { claimOf, CORE, identityOf } from './support/claims.ts';
import { announcement, publication } from './support/gossip-frames.ts';
import { HostilePeer } from './support/hostile.ts';
import { LIES, serveLies, type Lie, type Telling } from './support/lies.ts';
import { LOOPBACK } from './support/swarm.ts';
import { ScriptedLean, WholeNode } from './support/whole-node.ts';
import { numbered } from '../memory/proofs.ts';

/**
 * Whole nodes in one process, each with its own bank on disk, board, claims, verification queue and libp2p; only Lean is
 * scripted, as so much of it would not fit: it takes exactly the proofs that honest nodes found. A fifth of the nodes is
 * hostile; each of them lies to a part of the others, in every way of `support/lies.ts` by turns. There are fifteen, and
 * thirty with `npm run test:swarm`, which share one thread and take minutes.
 */
const THIRTY = process.env['MODE'] === 'thirty';
const HONEST = THIRTY ? 24 : 12;
const HOSTILE = THIRTY ? 6 : 3;
/** Each hostile node lies to every so many of the honest ones. */
const EVERY = THIRTY ? 3 : 2;
/** Each node keeps to so many of those before it. */
const DIALS = 5;
const AT_ONCE = 6;
const DURING = 6;
const STATEMENTS = 4;
const QUEUE = 2000;
const WAITING = 8192;
const GROWTH_BYTES = 1.5e9;
const PATIENCE_MS = THIRTY ? 300_000 : 150_000;

const lean = new ScriptedLean();
const liars: HostilePeer[] = [];
let nodes: WholeNode[] = [];
let root = '';

afterAll(async () => {
  await Promise.all(liars.map((liar) => liar[Symbol.asyncDispose]()));
  await Promise.all(nodes.map((node) => node.stop()));
  if (root !== '') await rm(root, { recursive: true, force: true, maxRetries: 10 });
});

const until = (
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeout = PATIENCE_MS,
): Promise<void> => expect.poll(condition, { interval: 100, timeout, message: what }).toBe(true);

const settings = {
  ...LOOPBACK,
  // Thirty nodes share two cores: what would take an honest peer milliseconds takes it seconds here.
  records: { frameTimeoutMs: 2000, answerTimeoutMs: 8000 },
  sync: THIRTY
    ? { settleMs: 2000, frameTimeoutMs: 5000, intervalMs: 20_000 }
    : { settleMs: 500, frameTimeoutMs: 2000, intervalMs: 10_000 },
};

/** With some of those that are there already as the contacts that it comes back to whenever they are gone. */
const startHonest = (n: number, contacts: readonly WholeNode[]): Promise<WholeNode> =>
  WholeNode.start(lean, {
    data: path.join(root, `${n}`),
    identity: identityOf(7000 + n),
    settings: { ...settings, bootstrap: contacts.map(({ swarm }) => swarm.addresses[0] ?? '') },
  });

const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index % list.length];
  if (found === undefined) throw new RangeError('an empty list');
  return found;
};

async function findAt(node: WholeNode, n: number): Promise<ContentId> {
  const claim = claimOf(n, { by: node.identity });
  lean.holds(claim);
  await node.found(claim);
  return claim.signed.id;
}

/** Claims, signed and in time, on all that is open: so that nobody else would work on it. */
async function claimsOnAll(identity: Identity): Promise<Uint8Array[]> {
  const now = Date.now();
  const frames: Uint8Array[] = [];
  for (let n = 0; n < STATEMENTS; n++) {
    const claim = signWorkClaim(
      {
        claimant: identity.peer,
        statement: open(n).id,
        nonce: new Uint8Array(randomBytes(8)),
        beat: 0,
        state: 'working',
        issuedAt: now,
        expiresAt: now + 300_000,
        effort: { policy: 'portfolio', seconds: 0, speed: 1_000_000 },
      },
      identity,
    );
    const data = announcement('claim', { claim: new Uint8Array(encodeWorkClaim(claim)) });
    frames.push(await publication(identity, SWARM_TOPIC, data));
  }
  return frames;
}

const open = (n: number) => numbered(500_000 + n, { environment: CORE });

interface Attack {
  readonly telling: Telling;
  readonly lie: Lie;
}

/** Tells its lie until it is cut off, or set aside where it is merely slow. Returns whether it was. */
async function tellUntilRefused({ telling, lie }: Attack, node: WholeNode): Promise<boolean> {
  const isOver = (): boolean =>
    (lie.offences.length === 0 ? node.setAside() : node.denied()).includes(telling.identity.peer);
  const end = Date.now() + (THIRTY ? 250_000 : 150_000);
  for (let round = 0; !isOver() && Date.now() < end; round++) {
    // A stream that is cut off in the midst of a lie is what is waited for.
    await lie.tell(telling, round).catch(() => new Promise((resolve) => setTimeout(resolve, 100)));
  }
  return isOver();
}

test(
  'of a swarm a fifth is hostile: every true record arrives everywhere, no false one anywhere, and the liars are cut off',
  { timeout: THIRTY ? 900_000 : 480_000 },
  async () => {
    root = await mkdtemp(path.join(tmpdir(), 'proofswarm-thirty-'));
    for (let n = 0; n < HONEST; n++) {
      const contacts = Array.from({ length: Math.min(DIALS, n) }, (_, i) => at(nodes, n * 7 + i * 5));
      nodes.push(await startHonest(n, [...new Set(contacts)]));
    }
    await until(() => nodes.every(({ swarm }) => swarm.status().listeners >= 2), 'a swarm');
    const statements = Array.from({ length: STATEMENTS }, (_, n) => open(n));
    await at(nodes, 0).swarm.publish({
      statements,
      name: 'open',
      description: '',
      licence: 'Apache-2.0',
      priority: 5,
    });
    const isOpenAt = (node: WholeNode): boolean =>
      statements.every(({ id }) => node.swarm.statement(id)?.status === 'open');
    await until(() => nodes.every(isOpenAt), 'open statements on every board');

    const identities = Array.from({ length: HOSTILE }, (_, n) => identityOf(9000 + n));
    const attackers: { readonly liar: HostilePeer; readonly identity: Identity }[] = [];
    const attacks: (Attack & { readonly node: WholeNode })[] = [];
    for (const [h, identity] of identities.entries()) {
      const liar = await HostilePeer.raw(identity);
      liars.push(liar);
      attackers.push({ liar, identity });
      const deceived = nodes.filter((_, v) => v % EVERY === h % EVERY);
      for (const [v, node] of deceived.entries()) {
        const honest = at(nodes, v + 1).identity;
        const telling = { liar, identity, victim: node, honest, number: h * 100 + v };
        attacks.push({ telling, lie: at(LIES, attacks.length), node });
      }
      await serveLies(liar, (peer) => {
        const attack = attacks.find(({ telling, node }) => telling.liar === liar && node.peer === peer);
        return attack && [attack.telling, attack.lie];
      });
    }
    expect(new Set(attacks.map(({ lie }) => lie)).size).toBe(LIES.length);
    const deceivedBy = ({ peer }: Identity): WholeNode[] =>
      attacks.filter(({ telling }) => telling.identity.peer === peer).map(({ node }) => node);

    let mostQueued = 0;
    let mostWaiting = 0;
    let mostBytes = 0;
    const before = process.memoryUsage().rss;
    const sampling = setInterval(() => {
      mostBytes = Math.max(mostBytes, process.memoryUsage().rss);
      for (const { swarm } of nodes) {
        const { verification, waiting } = swarm.status();
        mostQueued = Math.max(mostQueued, verification.queued);
        mostWaiting = Math.max(mostWaiting, waiting);
      }
    }, 500);

    const truth: ContentId[] = [];
    for (let n = 0; n < AT_ONCE; n++) truth.push(await findAt(at(nodes, n * 4), n));
    for (const { liar, identity } of attackers) {
      const frames = await claimsOnAll(identity);
      for (const node of deceivedBy(identity)) for (const frame of frames) await liar.gossip(node, frame);
    }
    const attacking = Promise.all(
      attacks.map(async (attack) => ({ ...attack, refused: await tellUntilRefused(attack, attack.node) })),
    );
    for (let n = 0; n < DURING; n++) truth.push(await findAt(at(nodes, n * 3 + 1), AT_ONCE + n));
    const ended = await attacking;
    const known = (): boolean => nodes.every(({ node }) => truth.every((id) => node.parts.proofs.has(id)));
    await until(known, 'every true record in every bank');
    clearInterval(sampling);

    const notRefused = ended.filter(({ refused }) => !refused);
    expect(notRefused.map(({ lie, node }) => `${lie.name} to ${node.peer}`)).toEqual([]);
    const cutOff = ended.filter(({ lie }) => lie.offences.length > 0);
    for (const { lie, node, telling } of cutOff) {
      const entry = node.swarm.peers().find(({ peer }) => peer === telling.identity.peer);
      // What it announces to one and has not, or too often, others hear of.
      expect([...lie.offences, 'phantom', 'flood'], lie.name).toContain(entry?.offence);
    }
    truth.sort();
    for (const node of nodes) expect(await node.records()).toEqual(truth);
    const honest = new Set(nodes.map(({ peer }) => peer));
    expect(nodes.flatMap((node) => node.denied()).filter((peer) => honest.has(peer))).toEqual([]);
    expect(mostQueued).toBeLessThanOrEqual(QUEUE);
    expect(mostWaiting).toBeLessThanOrEqual(WAITING);
    expect(mostBytes - before).toBeLessThan(GROWTH_BYTES);

    // All is claimed by all of them, and yet there is work.
    for (const { swarm } of nodes.slice(0, 8)) {
      const work = await swarm.work.next(new AbortController().signal);
      expect(statements.map(({ id }) => id)).toContain(work?.id);
    }

    const [gone, ...others] = nodes;
    await gone?.stop();
    nodes = others;
    const again = await startHonest(0, []);
    nodes.unshift(again);
    const deceivers = cutOff.filter(({ node }) => node === gone);
    expect(deceivers.length).toBeGreaterThan(0);
    expect(new Set(again.denied())).toEqual(new Set(deceivers.map(({ telling }) => telling.identity.peer)));
    expect(await again.records()).toEqual(truth);
    for (const { telling } of deceivers) await telling.liar.connect(again).catch(() => undefined);
    const isIn = ({ peer, connected }: { readonly peer: string; readonly connected: boolean }): boolean =>
      connected && again.denied().includes(peer);
    await until(() => !again.swarm.peers().some(isIn), 'none of them let in again', 10_000);
  },
);
