import type { Settings } from '../../api/index.ts';
import { NETWORK_OFF, type OpenNode, type WorkSource } from '../service/index.ts';
import { errorInWords } from '../../process/index.ts';
import { Swarm } from './swarm.ts';
import type { ElaborateWhen } from './swarm-board.ts';

export interface NetworkSwitchInit {
  readonly data: string;
  /** When statements of the swarm are put through Lean; at once unless set. */
  readonly elaborate?: ElaborateWhen;
  /** Multiaddrs, in the place of those of the settings. */
  readonly listen?: readonly string[];
  /** Beside those of the settings. */
  readonly bootstrap?: readonly string[];
  /** Serves as a relay, whatever the settings say. */
  readonly relay?: boolean;
  /** Until a swarm that could not be joined is tried again. */
  readonly retryMs?: number;
}

/** Of environments, which is what the network takes. */
const MAX_TOPICS = 64;
const RETRY_MS = 60_000;

/** Joins the swarm and leaves it, by order or as the user's settings say. */
export class NetworkSwitch implements AsyncDisposable {
  readonly #node: OpenNode;
  readonly #init: NetworkSwitchInit;
  readonly #localWork: WorkSource;
  #swarm: Swarm | undefined;
  /** The settings that the swarm was joined with. */
  #joinedWith: string | undefined;
  #last: Promise<void> = Promise.resolve();
  #unsubscribe: () => void = () => undefined;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(node: OpenNode, init: NetworkSwitchInit) {
    this.#node = node;
    this.#init = init;
    this.#localWork = node.service.work;
  }

  get swarm(): Swarm | undefined {
    return this.#swarm;
  }

  /** @throws DamagedBoardFileError, ListenError, ZodError on settings that are none */
  async join(): Promise<void> {
    const { service, parts } = this.#node;
    const { network } = parts.settings.settings;
    this.#joinedWith = JSON.stringify(network);
    this.#swarm = await Swarm.start(
      { parts, service, localWork: this.#localWork },
      {
        data: this.#init.data,
        settings: this.#settings(network),
        ...(this.#init.elaborate === undefined ? {} : { elaborate: this.#init.elaborate }),
      },
    );
  }

  /** Does from now on what the settings say; what goes wrong is told as the network's state. */
  follow(): void {
    const { hub } = this.#node.service;
    this.#unsubscribe = hub.subscribe((message) => {
      if (message.kind === 'event' && message.event.event.type === 'settings:changed') this.#soon();
    });
    this.#soon();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#unsubscribe();
    await this.#last;
    await this.#swarm?.[Symbol.asyncDispose]();
  }

  #soon(): void {
    this.#last = this.#last.then(() => this.#apply());
  }

  async #apply(): Promise<void> {
    const { network } = this.#node.parts.settings.settings;
    const wanted = network.enabled ? JSON.stringify(network) : undefined;
    if (this.#closed || wanted === this.#joinedWith) return;
    await this.#leave();
    if (wanted === undefined) return;
    try {
      await this.join();
    } catch (error) {
      this.#tell('failed', errorInWords(error));
      // What is in its way may go: a port that another program has, an interface that is not up yet.
      this.#retry = setTimeout(() => {
        if (this.#joinedWith === wanted && this.#swarm === undefined) this.#joinedWith = undefined;
        this.#soon();
      }, this.#init.retryMs ?? RETRY_MS);
      this.#retry.unref();
    }
  }

  async #leave(): Promise<void> {
    clearTimeout(this.#retry);
    const swarm = this.#swarm;
    const tried = this.#joinedWith !== undefined;
    this.#swarm = undefined;
    this.#joinedWith = undefined;
    if (swarm !== undefined) {
      this.#node.service.setNetwork(undefined, this.#localWork);
      await swarm[Symbol.asyncDispose]();
    }
    if (tried) this.#tell('off');
  }

  #tell(state: 'off' | 'failed', detail?: string): void {
    const network = {
      ...NETWORK_OFF,
      state,
      ...(detail === undefined ? {} : { detail: detail.slice(0, 2000) }),
    };
    this.#node.service.hub.emit({ type: 'network:changed', network });
  }

  #settings(network: Settings['network']): Parameters<typeof Swarm.start>[1]['settings'] {
    const { listen, bootstrap = [], relay = false } = this.#init;
    const addresses = listen ?? network.listen;
    return {
      ...(addresses.length === 0 ? {} : { listen: [...addresses] }),
      bootstrap: [...new Set([...network.bootstrap, ...bootstrap])],
      relays: network.relays,
      relayServer: { enabled: relay || network.relay },
      environments: this.#node.parts.lean.peersEnvironments.slice(0, MAX_TOPICS),
      mdns: network.mdns,
      dht: network.dht,
      upnp: network.upnp,
    };
  }
}
