/**
 * The swarm: this node among others. Announcements by gossip, records by id, and reconciliation of whole sets; peers
 * that misbehave are cut off. Nothing that comes in is believed: the store is handed claims.
 *
 * @example
 * await using network = await createNetwork(
 *   { identity, store, onEvent: (event) => log(event) },
 *   { settings: { bootstrap: ['/dns4/seed.example.org/tcp/4001/p2p/12D3KooW…'], environments }, reputationFile },
 * );
 * await network.start();
 * // what the kernel accepted here
 * network.recordsAdded([{ id: signed.id, createdAt: signed.record.createdAt }]);
 * await network.announceProof({ record: signed.id, statement, createdAt }, environment);
 * // what it said of a record that came in through `store.claim`
 * network.reportVerdict(id, [received.from, finder], verdict.kind === 'proved');
 */
import { meteredGossip } from './announce/gossip.ts';
import { SwarmClock } from './announce/swarm-clock.ts';
import { topicsOf } from './announce/topics.ts';
import { EventHub } from './events.ts';
import { createNode } from './node/create-node.ts';
import { denyingGater } from './node/gater.ts';
import { KnownPeers } from './node/known-peers.ts';
import { RelayAdmission } from './node/relay-server.ts';
import { ReputationLedger } from './reputation/ledger.ts';
import { networkSettingsSchema } from './settings.ts';
import { SwarmNetwork } from './swarm-network.ts';
import type { Network, NetworkComponents, NetworkInit } from './types.ts';
import { Buckets } from './wire/token-bucket.ts';

export type { AnnouncementListener } from './announce/announcer.ts';
export {
  ATTESTATION_ANNOUNCEMENT,
  PROOF_ANNOUNCEMENT,
  type AnnouncementKind,
  type AttestationAnnouncement,
  type ProofAnnouncement,
} from './announce/kinds.ts';
export { MAX_ANNOUNCEMENT_BYTES } from './announce/envelope.ts';
export type { Announcement } from './announce/validator.ts';
export * from './errors.ts';
export type * from './events.ts';
export type { Answer, BodyKind, FetchedBody } from './records/ask.ts';
export { MAX_BODY_BYTES, MAX_REQUESTED } from './records/protocol.ts';
export type { EncodedBody, ReadBody } from './records/serve.ts';
export { CUT_OFF_POINTS, OFFENCE_POINTS, type Offence } from './reputation/offences.ts';
export type { SideSet } from './sets/side-set.ts';
export { networkSettingsSchema, type NetworkSettings, type NetworkSettingsInput } from './settings.ts';
export type * from './store.ts';
export type * from './types.ts';

/** A node that is not yet started. @throws ZodError on settings that are none */
export async function createNetwork(components: NetworkComponents, init: NetworkInit): Promise<Network> {
  const settings = networkSettingsSchema.parse(init.settings);
  const hub = new EventHub();
  if (components.onEvent !== undefined) hub.subscribe(components.onEvent);
  const now = components.now ?? Date.now;
  const { reputationFile: file } = init;
  const ledger = await ReputationLedger.open({ emit: hub.emit, now }, file === undefined ? {} : { file });
  const metered = new Buckets(settings.announcements.bytesPerPeer);
  const gossip = meteredGossip(
    {
      pointsOf: (peer) => ledger.points(peer),
      onBytes: (peer, bytes) => {
        if (!metered.take(peer, bytes)) ledger.penalise(peer, 'flood', 'more gossip than may be sent');
      },
    },
    { topics: topicsOf(settings.environments) },
  );
  const relaying = new RelayAdmission(settings.relayServer);
  const gater = denyingGater({
    isDenied: (peer) => ledger.isDenied(peer),
    mayRelay: (source) => relaying.admits(source),
  });
  const node = await createNode({ identity: components.identity, gater, gossip }, settings);
  const clock = new SwarmClock(hub.emit, now);
  const { store, kinds, bodies, sets, uploadLimit } = components;
  const { peersFile } = init;
  const known = peersFile === undefined ? undefined : await KnownPeers.open(peersFile, now);
  return new SwarmNetwork(
    {
      node,
      hub,
      ledger,
      clock,
      store,
      ...(kinds && { kinds }),
      ...(bodies && { bodies }),
      ...(sets && { sets }),
      ...(uploadLimit && { uploadLimit }),
      ...(known && { known }),
    },
    settings,
  );
}
