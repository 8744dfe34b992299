import path from 'node:path';
import type { DonationRules, NetworkStatus } from '../../api/index.ts';
import { openBankApart } from '../../memory/index.ts';
import { installation } from '../locations.ts';
import {
  NETWORK_OFF,
  openNode,
  type NodeService,
  type OpenNode,
  type OpenNodeOptions,
} from '../service/index.ts';
import { NetworkSwitch, type Swarm } from '../swarm/index.ts';
import { WebHost } from '../web/index.ts';
import { removeWebFile, writeWebFile } from './web-file.ts';

export interface RunNodeOptions extends Omit<OpenNodeOptions, 'joinUnlessSet'> {
  /** Multiaddrs, in the place of those of the settings. */
  readonly listen?: readonly string[];
  /** Beside those of the settings. */
  readonly bootstrap?: readonly string[];
  /** Serves as a relay, whatever the settings say. */
  readonly relay?: boolean;
  /** Whether to stay out of the swarm, whatever the settings say; where they say nothing, it is joined. */
  readonly offline: boolean;
  /** Serves the page and the command line on this port of the loopback interface; any that is free unless set. */
  readonly web?: number;
  /** Whether to work from the board as the donation rules allow. */
  readonly prove: boolean;
}

const OFFLINE: NetworkStatus = { ...NETWORK_OFF, detail: 'This node was started to stay offline.' };

/** A node that runs. */
export interface RunningNode extends AsyncDisposable {
  readonly service: NodeService;
  /** Comes and goes as the settings say. */
  readonly swarm: Swarm | undefined;
  readonly web: WebHost;
}

/**
 * Opens a node, joins it with the swarm, serves it and lets it work.
 * @throws NodeRunningError, and what its parts throw at their start
 */
export async function runNode(options: RunNodeOptions): Promise<RunningNode> {
  const { locations } = options;
  const { listen, bootstrap, offline, relay = false } = options;
  const node = await openNode({ openBank: openBankApart, ...options, joinUnlessSet: !offline });
  const { service } = node;
  const network = new NetworkSwitch(node, {
    data: locations.data,
    elaborate: options.prove ? 'at-once' : 'when-working',
    ...(listen === undefined ? {} : { listen }),
    ...(bootstrap === undefined ? {} : { bootstrap }),
    relay,
  });
  let web: WebHost | undefined;
  const dispose = async (): Promise<void> => {
    await web?.close();
    if (web !== undefined) await removeWebFile(locations.data);
    // What is under way ends first, so that what was proved to the last is announced.
    await service.close();
    await network[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  };
  try {
    if (offline) service.hub.emit({ type: 'network:changed', network: OFFLINE });
    else {
      // At a start, an address that cannot be listened on is an error; later it is the network's state.
      if (node.parts.settings.settings.network.enabled) await network.join();
      network.follow();
    }
    const files = path.join(installation.root, 'dist/renderer');
    web = await WebHost.listen({ service }, { port: options.web ?? 0, files });
    await writeWebFile(locations.data, { port: web.port, bearer: web.bearer, pid: process.pid });
    if (options.prove) {
      await service.donation.setRules(headlessRules(node));
      await service.donation.start();
    }
    return {
      service,
      web,
      get swarm() {
        return network.swarm;
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Whoever starts a node by hand wants it to work; the user's own rules come before that. */
function headlessRules({ parts: { settings } }: OpenNode): DonationRules {
  const rules = settings.settings.donation;
  return settings.has('donation') ? rules : { ...rules, when: { kind: 'always' } };
}
