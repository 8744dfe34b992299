/** The process that hosts the node: opens it, carries out commands, and tells of all that changes. */
import { parseArgs } from 'node:util';
import { locate } from '../../core/node/index.ts';
import { diskOnlySensors, linuxSensors, type Sensors } from '../../core/node/donation/index.ts';
import { openNode, toApiError, type OpenNode } from '../../core/node/service/index.ts';
import { NetworkSwitch } from '../../core/node/swarm/index.ts';
import type { DesktopReadings, ToWorker } from '../ipc/worker-messages.ts';
import { Children } from './children.ts';
import { desktopSensors } from './desktop-sensors.ts';
import { parent } from './parent.ts';

const READ_MS = 5000;
const { values } = parseArgs({ options: { 'after-crash': { type: 'string' } }, strict: false });

const children = new Children({ parent });
const calls = new Map<number, AbortController>();
const readings = new Map<number, (value: DesktopReadings) => void>();
let lastRead = 0;

async function readDesktop(signal: AbortSignal): Promise<DesktopReadings> {
  const id = ++lastRead;
  const { promise, resolve, reject } = Promise.withResolvers<DesktopReadings>();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(READ_MS)]);
  limit.addEventListener('abort', () => reject(limit.reason as Error), { once: true });
  readings.set(id, resolve);
  parent.send({ type: 'read-desktop', id });
  try {
    return await promise;
  } finally {
    readings.delete(id);
  }
}

const locations = locate();
const systemSensors = (limited: () => boolean): Sensors =>
  process.platform === 'linux'
    ? linuxSensors({ data: locations.data, limited })
    : diskOnlySensors({ data: locations.data, limited });

const opening = openNode({
  locations,
  spawnLean: children.spawnLean,
  spawnInference: children.spawnInference,
  askCards: children.askCards,
  sensors: (store) =>
    desktopSensors({
      system: systemSensors(() => store.settings.donation.limits.diskBytes !== undefined),
      readDesktop,
    }),
  keepAwake: (awake) => parent.send({ type: 'keep-awake', awake }),
}).then((node) => {
  const network = new NetworkSwitch(node, { data: locations.data });
  network.follow();
  return { node, network };
});

async function call({ service }: OpenNode, id: number, command: string, input: unknown): Promise<void> {
  const cancelling = new AbortController();
  calls.set(id, cancelling);
  try {
    const output = await service.call(command, input, cancelling.signal);
    parent.send({ type: 'reply', id, reply: { ok: true, output } });
  } catch (error) {
    const { code, message } = toApiError(error, cancelling.signal);
    parent.send({ type: 'reply', id, reply: { ok: false, error: { code, message } } });
  } finally {
    calls.delete(id);
  }
}

async function shutDown(): Promise<void> {
  const { node, network } = await opening;
  // What is under way ends first, so that what was proved to the last is announced.
  await node.service.close();
  await network[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
  process.exit(0);
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'call':
      await call((await opening).node, message.id, message.command, message.input);
      return;
    case 'cancel':
      calls.get(message.id)?.abort(new Error('the command was cancelled'));
      return;
    case 'look':
      await (await opening).node.service.donation.look();
      return;
    case 'desktop':
      readings.get(message.id)?.(message.readings);
      return;
    case 'shut-down':
      await shutDown();
      return;
    case 'child-started':
    case 'child-port':
    case 'child-exited':
      return;
  }
}

function fail(error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  parent.send({ type: 'failed', detail: detail.slice(0, 4000) });
  // What was sent leaves before the process does.
  setImmediate(() => process.exit(1));
}

parent.onMessage((message, ports) => {
  if (!children.handle(message, ports)) handle(message).catch(fail);
});

opening.then(({ node: { service } }) => {
  service.subscribe((message) => parent.send({ type: 'stream', message }));
  if (typeof values['after-crash'] === 'string') {
    service.notify({
      severity: 'warning',
      title: 'Proving was interrupted and started again',
      detail: `${values['after-crash']}. What was found before is kept; what was under way has to be begun again.`,
    });
  }
}, fail);
