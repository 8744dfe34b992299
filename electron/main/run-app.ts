import { app, nativeTheme, session } from 'electron';
import {
  ApiClient,
  type ApiTransport,
  type ClientUpdate,
  type DonationStatus,
} from '../../core/api/index.ts';
import type { ContentId } from '../../core/record/index.ts';
import { AppTray } from './app-tray.ts';
import { AppWindow } from './app-window.ts';
import { paintCard } from './card-window.ts';
import { restrictAllContents } from './contents-rules.ts';
import { LINK_SCHEME, statementOfArguments, statementOfLink } from './deep-link.ts';
import { DesktopPower, KeepAwake } from './desktop-power.ts';
import { ExternalLinks } from './external-links.ts';
import { HIDDEN_FLAG, setLaunchAtLogin } from './login-item.ts';
import { NodeHost } from './node-host.ts';
import { PageIpc } from './page-ipc.ts';
import { PATHS } from './paths.ts';
import { ProofCards } from './proof-cards.ts';
import { ProofNotifications } from './proof-notifications.ts';
import { serveApp } from './app-protocol.ts';
import { restrictSession } from './session-rules.ts';
import { Updates } from './updates.ts';

/** The app of this machine: its node, its window, its place beside the clock. */
class DesktopApp {
  readonly #power = new DesktopPower();
  readonly #awake = new KeepAwake();
  readonly #cards = new ProofCards({
    read: async (proof, signal) => (await this.#client?.call('bank.proof', { proof }, signal))?.proof,
    theme: () => this.#theme(),
    paint: (wanted, signal) => paintCard(wanted, PATHS.preload, signal),
  });
  readonly #notifications = new ProofNotifications({
    open: (place) => this.#window.show(place),
    card: (proof) => this.#cards.draw(proof),
  });
  readonly #host = new NodeHost({
    entry: PATHS.worker,
    childEntry: PATHS.child,
    readDesktop: () => this.#power.read(),
    keepAwake: (awake) => this.#awake.set(awake),
    onCrash: (crash) => this.#onCrash(crash),
  });
  readonly #window = new AppWindow({
    preload: PATHS.preload,
    icon: PATHS.icon,
    staysOpen: () => !this.#quitting && this.#client?.state?.settings.app.closeToTray === true,
    onPageGone: () => this.#ipc.forget(),
    onClosed: () => app.quit(),
  });
  readonly #ipc = new PageIpc({
    transport: this.#host,
    window: () => this.#window.window,
  });
  readonly #updates = new Updates(
    {
      load: async () => (await import('electron-updater')).default.autoUpdater,
      onReady: (update) => this.#tray?.update({ update }),
    },
    { resources: process.resourcesPath },
  );
  #client: ApiClient | undefined;
  #tray: AppTray | undefined;
  #quitting = false;
  #launchAtLogin: boolean | undefined;
  /** What donating did before the node crashed. */
  #interrupted: DonationStatus | undefined;

  start(statement: ContentId | undefined): void {
    restrictAllContents(new ExternalLinks({ window: () => this.#window.window }));
    restrictSession(session.defaultSession, { developer: !app.isPackaged });
    serveApp(session.defaultSession, PATHS.renderer);
    this.#tray = new AppTray(
      {
        open: () => this.#window.show(),
        control: (action) => void this.#control(action),
        startAgain: () => this.#startAgain(),
        restartToUpdate: () => this.#updates.install(),
        quit: () => app.quit(),
      },
      PATHS.trayIcon,
    );
    this.#ipc.listen();
    this.#host.start();
    const client = new ApiClient(this.#host satisfies ApiTransport);
    this.#client = client;
    client.subscribe((update) => this.#hear(update));
    this.#power.onChange(() => this.#host.look());
    void this.#updates.start();
    if (statement !== undefined || !process.argv.includes(HIDDEN_FLAG)) this.open(statement);
  }

  open(statement?: ContentId): void {
    this.#window.show(statement === undefined ? undefined : { screen: 'statements', id: statement });
  }

  /** Ends the node in good order before the app does. */
  quit(event: { preventDefault(): void }): void {
    if (this.#quitting) return;
    this.#quitting = true;
    event.preventDefault();
    this.#updates.stop();
    this.#notifications.stop();
    this.#cards.stop();
    this.#client?.close();
    void this.#host.stop().then(() => {
      this.#tray?.destroy();
      app.quit();
    });
  }

  #hear(update: ClientUpdate): void {
    if (update.kind === 'disconnected') {
      this.#tray?.update({ donation: undefined });
      return;
    }
    const { donation, settings } = update.state;
    this.#tray?.update({ donation, trouble: undefined });
    this.#setLaunchAtLogin(settings.app.launchAtLogin);
    if (update.kind === 'synced') this.#resumeInterrupted();
    else if (update.event.type === 'bank:proof-added') {
      this.#notifications.hear(update.event, settings.notifications);
    }
  }

  /** As the page has it. */
  #theme(): 'light' | 'dark' {
    const chosen = this.#client?.state?.settings.appearance.theme ?? 'system';
    if (chosen !== 'system') return chosen;
    return nativeTheme.shouldUseDarkColors ? 'dark' : 'light';
  }

  #setLaunchAtLogin(enabled: boolean): void {
    if (enabled === this.#launchAtLogin) return;
    this.#launchAtLogin = enabled;
    setLaunchAtLogin(enabled).catch((error: unknown) => {
      this.#notifications.show('Launch at login could not be changed', (error as Error).message);
    });
  }

  async #control(action: 'start' | 'pause' | 'resume' | 'finish'): Promise<void> {
    try {
      await this.#client?.call('donation.control', { action });
    } catch (error) {
      this.#notifications.show('Proofswarm could not do that', (error as Error).message);
    }
  }

  #onCrash({ detail, again }: { readonly detail: string; readonly again: boolean }): void {
    this.#interrupted ??= this.#client?.state?.donation;
    if (again) {
      this.#notifications.show('Proving was interrupted', `${detail}. It is being started again.`);
    } else {
      this.#tray?.update({ trouble: 'The node does not start' });
      this.#notifications.show('Proofswarm cannot prove now', `${detail}. Start it again from the tray.`);
    }
  }

  #startAgain(): void {
    this.#tray?.update({ trouble: undefined });
    this.#host.startAgain();
  }

  /** A node begins without donating: one that crashed goes on as the user had it. */
  #resumeInterrupted(): void {
    const before = this.#interrupted;
    this.#interrupted = undefined;
    if (before === undefined || before.state === 'stopped' || before.state === 'finishing') return;
    const paused = before.reasons.some(({ kind }) => kind === 'user');
    void this.#control('start').then(() => (paused ? this.#control('pause') : undefined));
  }
}

/** Wires the app to the system. Called once, by the only instance, before Electron is ready. */
export function runApp(): void {
  const desktop = new DesktopApp();
  let asked = statementOfArguments(process.argv);
  let isReady = false;
  const open = (statement: ContentId | undefined): void => {
    if (isReady) desktop.open(statement);
    else asked = statement ?? asked;
  };
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on('second-instance', (_event, args) => open(statementOfArguments(args)));
  // macOS hands links over so, possibly before it is ready.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    open(statementOfLink(url));
  });
  app.on('activate', () => open(undefined));
  // Electron would quit, but the window that draws a card is often the only one: the app's own window ends the app.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => desktop.quit(event));
  void app.whenReady().then(() => {
    isReady = true;
    desktop.start(asked);
  });
}
