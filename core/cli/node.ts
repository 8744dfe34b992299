import { z } from 'zod';
import type { ApiState, NetworkStatus, StreamMessage } from '../api/index.ts';
import { networkSettingsSchema } from '../network/index.ts';
import { locate } from '../node/index.ts';
import { runNode, type RunningNode } from '../node/headless/index.ts';
import { PAGE_MISSING } from '../node/web/index.ts';
import { releaseMemory } from '../process/index.ts';
import { EXIT } from './exit.ts';
import { onInterrupt } from './interrupt.ts';
import { statusLine } from './node-status.ts';
import { oneLine, printable, type Terminal } from './terminal.ts';

const { listen, bootstrap } = networkSettingsSchema.shape;

export const nodeOptionsSchema = z.object({
  data: z.string().optional(),
  listen: listen.unwrap().optional(),
  bootstrap: bootstrap.unwrap().optional(),
  web: z.int().optional(),
  prove: z.boolean(),
  offline: z.boolean(),
  relay: z.boolean(),
  json: z.boolean(),
});
export type NodeOptions = z.infer<typeof nodeOptionsSchema>;

/** A node that has been told to stop is gone after so long, whatever still hangs. Nothing announced depends on it. */
const SHUTDOWN_MS = 5000;
/** When a node has opened, and reconciled with the first peers; V8 forgets code only that it finds unused several times. */
const RELEASES_MS = [15_000, 20_000, 25_000];
const STATUS_MS = 60_000;
const LIVE_STATUS_MS = 1000;

/** `proofswarm node`: runs until it is interrupted. */
export async function nodeCommand(options: NodeOptions, terminal: Terminal): Promise<number> {
  const locations = locate(options.data);
  const interrupt = onInterrupt(terminal);
  try {
    const node = await runNode({
      locations,
      offline: options.offline,
      relay: options.relay,
      prove: options.prove,
      ...(options.listen === undefined ? {} : { listen: options.listen }),
      ...(options.bootstrap === undefined ? {} : { bootstrap: options.bootstrap }),
      ...(options.web === undefined ? {} : { web: options.web }),
    });
    const report = options.json ? jsonReport(terminal) : textReport(terminal);
    report.started(node, options);
    if (options.web !== undefined && !(await node.web.hasPage())) terminal.err.write(`${PAGE_MISSING}\n`);
    const unsubscribe = node.service.subscribe((message) => report.hear(message, node.service.hub.state));
    const releases = RELEASES_MS.map((after) => setTimeout(releaseMemory, after));
    const timer = setInterval(() => report.status(node.service.hub.state), report.everyMs);
    await untilAborted(interrupt.signal);
    clearInterval(timer);
    for (const release of releases) clearTimeout(release);
    const deadline = setTimeout(() => process.exit(EXIT.ok), SHUTDOWN_MS);
    await node[Symbol.asyncDispose]();
    clearTimeout(deadline);
    unsubscribe();
    report.stopped();
    return EXIT.ok;
  } finally {
    interrupt.dispose();
  }
}

interface Report {
  readonly everyMs: number;
  started(node: RunningNode, options: NodeOptions): void;
  hear(message: StreamMessage, state: ApiState): void;
  status(state: ApiState): void;
  stopped(): void;
}

function textReport({ out, err }: Terminal): Report {
  const live = err.isTTY === true;
  const clear = live ? '\r\u001B[K' : '';
  const line = (text: string): void => void out.write(`${clear}${printable(text)}\n`);
  /** What was told last. */
  let network: NetworkStatus['state'] = 'on';
  return {
    everyMs: live ? LIVE_STATUS_MS : STATUS_MS,
    started({ service, swarm, web }, options) {
      line(`Peer ${service.hub.state.node.peer}, data in ${service.hub.state.node.data}`);
      for (const address of swarm?.addresses ?? []) line(`Listening on ${address}`);
      if (swarm === undefined) network = 'off';
      if (swarm === undefined && !options.offline) line(howToJoin(options));
      if (options.web !== undefined) line(`Open ${web.invitation()}`);
    },
    hear(message, state) {
      if (message.kind !== 'event') return;
      const { event } = message.event;
      if (event.type === 'bank:proof-added') {
        line(`${event.how === 'found' ? 'Proved' : 'Received and checked'}: ${event.proof.name}`);
      }
      if (event.type === 'network:refused' && event.refusal.kind !== 'announcement') {
        line(`Refused from ${event.refusal.peer}: ${event.refusal.reason} ${event.refusal.detail ?? ''}`);
      }
      if (event.type === 'network:changed' && event.network.state !== network) {
        const lines = networkLines(event.network);
        if (lines.length > 0) network = event.network.state;
        for (const text of lines) line(text);
      }
      if (event.type === 'notice:added') line(`${event.notice.title}: ${event.notice.detail ?? ''}`);
      if (event.type === 'donation:changed' && !live) line(statusLine(state, Date.now()));
    },
    status(state) {
      const text = statusLine(state, Date.now());
      // What breaks into a second row could not be written over.
      if (live) err.write(`${clear}${oneLine(text, (err.columns ?? 80) - 1)}`);
      else line(text);
    },
    stopped() {
      line('Stopped.');
    },
  };
}

function jsonReport({ out }: Terminal): Report {
  const write = (value: unknown): void => void out.write(`${JSON.stringify(value)}\n`);
  return {
    everyMs: STATUS_MS,
    started({ service, swarm, web }, { offline }) {
      const { peer } = service.hub.state.node;
      const addresses = swarm?.addresses ?? [];
      const switchedOff = swarm === undefined && !offline;
      write({ type: 'started', peer, addresses, web: web.port, switchedOff });
    },
    hear(message) {
      // What a model writes, piece by piece, would drown all else; the whole reply is in the bank.
      if (message.kind === 'event' && message.event.event.type !== 'prove:replies-grew')
        write(message.event.event);
    },
    status({ donation, bank, network }) {
      write({ type: 'status', donation, bank, network });
    },
    stopped() {
      write({ type: 'stopped' });
    },
  };
}

const howToJoin = ({ web }: NodeOptions): string =>
  'The swarm is switched off in the settings: nothing is sent, nobody learns of this node. To join it, ' +
  `${web === undefined ? 'open the page (--web 4180)' : 'open the page'} and switch on Settings › Network › Take part in the swarm.`;

/** Tells of the swarm's being joined and left while the node runs; steps on the way are not worth a line. */
function networkLines({ state, addresses, detail }: NetworkStatus): string[] {
  switch (state) {
    case 'on':
      return ['Joined the swarm.', ...addresses.map((address) => `Listening on ${address}`)];
    case 'off':
      return ['Left the swarm: it is switched off in the settings.'];
    case 'failed':
      return [`The swarm could not be joined: ${detail ?? ''}`];
    case 'starting':
    case 'stopping':
      return [];
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
