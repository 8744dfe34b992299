/**
 * Run as a process of its own: `program-node.ts DATA IDENTITY FIRST COUNT PAUSE_MS SETTINGS`. A whole node, bank on disk
 * included, over a Lean that takes everything; finds COUNT proofs, numbered from FIRST on, with a pause between. Writes
 * its address as a line, then the id of each record as it comes into its bank.
 */
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { NetworkSettingsInput } from '../../../core/network/index.ts';
import { claimOf, identityOf } from './claims.ts';
import { LOOPBACK } from './swarm.ts';
import { ScriptedLean, WholeNode } from './whole-node.ts';

const [data = '', number = '0', first = '0', count = '0', pauseMs = '0', json = '{}'] = process.argv.slice(2);
const identity = identityOf(Number(number));
const settings = { ...LOOPBACK, ...(JSON.parse(json) as NetworkSettingsInput) };
const node = await WholeNode.start(new ScriptedLean({ takesAll: true }), { data, identity, settings });
node.node.service.subscribe((message) => {
  if (message.kind !== 'event') return;
  const { event } = message.event;
  if (event.type === 'bank:proof-added') writeSync(1, `${event.proof.id}\n`);
});
writeSync(1, `${node.swarm.addresses[0] ?? ''}\n`);
for (let n = Number(first); n < Number(first) + Number(count); n++) {
  await node.found(claimOf(n, { by: identity }));
  await setTimeout(Number(pauseMs));
}
