import { existsSync } from 'node:fs';
import path from 'node:path';
import type { AppUpdater } from 'electron-updater';

export interface UpdatesComponents {
  /** Loaded only where there is a feed. */
  readonly load: () => Promise<AppUpdater>;
  readonly onReady: (version: string) => void;
}

const FEED_FILE = 'app-update.yml';
const FIRST_MS = 60_000;
const EVERY_MS = 6 * 3600_000;

/**
 * Looks for new versions where the package names a release feed: packaging writes `app-update.yml` once `publish` is set
 * in electron-builder.yml. Without it nothing is asked of anybody.
 */
export class Updates {
  readonly #components: UpdatesComponents;
  readonly #feed: string;
  #updater: AppUpdater | undefined;
  #timers: NodeJS.Timeout[] = [];

  constructor(components: UpdatesComponents, { resources }: { readonly resources: string }) {
    this.#components = components;
    this.#feed = path.join(resources, FEED_FILE);
  }

  get isOn(): boolean {
    return existsSync(this.#feed);
  }

  async start(): Promise<void> {
    if (!this.isOn) return;
    const updater = await this.#components.load();
    this.#updater = updater;
    updater.autoDownload = true;
    updater.autoInstallOnAppQuit = true;
    updater.allowDowngrade = false;
    updater.allowPrerelease = false;
    updater.on('update-downloaded', ({ version }) => this.#components.onReady(version));
    // Offline, or the feed is down: the next look is soon enough.
    updater.on('error', () => undefined);
    const look = (): void => void updater.checkForUpdates().catch(() => undefined);
    this.#timers = [setTimeout(look, FIRST_MS), setInterval(look, EVERY_MS)];
  }

  install(): void {
    this.#updater?.quitAndInstall();
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
