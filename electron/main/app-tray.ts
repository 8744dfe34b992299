import { Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron';
import type { DonationStatus } from '../../core/api/index.ts';
import { describeDonation } from './donation-text.ts';

export interface AppTrayComponents {
  readonly open: () => void;
  readonly control: (action: 'start' | 'pause' | 'resume' | 'finish') => void;
  /** Tries again to start a node that was given up. */
  readonly startAgain: () => void;
  readonly restartToUpdate: () => void;
  readonly quit: () => void;
}

export interface TrayState {
  /** Absent while there is no node. */
  readonly donation: DonationStatus | undefined;
  /** The node was given up; why. */
  readonly trouble: string | undefined;
  /** The version that is ready to be installed. */
  readonly update: string | undefined;
}

const MAX_LABEL = 120;

/** The app's place beside the clock: what it does, why it pauses, and the way back to its window. */
export class AppTray {
  readonly #tray: Tray;
  readonly #components: AppTrayComponents;
  #state: TrayState = { donation: undefined, trouble: undefined, update: undefined };
  #shown = '';

  constructor(components: AppTrayComponents, iconFile: string) {
    this.#components = components;
    this.#tray = new Tray(nativeImage.createFromPath(iconFile));
    this.#tray.on('click', components.open);
    this.#show();
  }

  update(change: Partial<TrayState>): void {
    this.#state = { ...this.#state, ...change };
    this.#show();
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #show(): void {
    const status = this.#status();
    const shown = JSON.stringify([status, this.#state.donation?.state, this.#state.update]);
    // Desktops close an open menu that is replaced.
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#tray.setToolTip(`Proofswarm\n${status}`);
    this.#tray.setContextMenu(Menu.buildFromTemplate(this.#menu(status)));
  }

  #status(): string {
    const { donation, trouble } = this.#state;
    const text = trouble ?? (donation === undefined ? 'Starting …' : describeDonation(donation, Date.now()));
    // An ampersand would mark a key on some desktops.
    return text.replaceAll('&', '&&').slice(0, MAX_LABEL);
  }

  #menu(status: string): MenuItemConstructorOptions[] {
    const { open, quit, restartToUpdate } = this.#components;
    const { update } = this.#state;
    return [
      { id: 'status', label: status, enabled: false },
      { type: 'separator' },
      ...this.#actions(),
      { type: 'separator' },
      { id: 'open', label: 'Open Proofswarm', click: open },
      ...(update === undefined
        ? []
        : [{ id: 'update', label: `Restart to update to ${update}`, click: restartToUpdate }]),
      { id: 'quit', label: 'Quit', click: quit },
    ];
  }

  #actions(): MenuItemConstructorOptions[] {
    const { control, startAgain } = this.#components;
    const { donation, trouble } = this.#state;
    if (trouble !== undefined) return [{ id: 'start-again', label: 'Start again', click: startAgain }];
    const item = (
      action: 'start' | 'pause' | 'resume' | 'finish',
      label: string,
    ): MenuItemConstructorOptions => ({
      id: action,
      label,
      click: () => control(action),
    });
    const byUser = donation?.reasons.some(({ kind }) => kind === 'user') === true;
    switch (donation?.state) {
      case undefined:
        return [];
      case 'stopped':
        return [item('start', 'Start donating')];
      case 'finishing':
        return [item('resume', 'Go on donating')];
      case 'running':
        return [item('pause', 'Pause'), item('finish', 'Finish, then stop')];
      case 'paused':
        return [byUser ? item('resume', 'Resume') : item('pause', 'Pause until I resume')];
    }
  }
}
