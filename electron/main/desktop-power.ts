import { powerMonitor, powerSaveBlocker } from 'electron';
import type { DesktopReadings } from '../ipc/worker-messages.ts';

const WAYLAND_SILENT = 'this Wayland desktop does not tell whether the machine is being used';

/** Whether somebody uses the machine, and what it runs on. */
export class DesktopPower {
  readonly #wayland: boolean;
  /** Chromium answers 0 where nothing tells it: only a time above 0 shows that something does. */
  #tellsIdle: boolean;

  constructor(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform) {
    this.#wayland = platform === 'linux' && (env['XDG_SESSION_TYPE'] === 'wayland' || !env['DISPLAY']);
    this.#tellsIdle = !this.#wayland;
  }

  read(): DesktopReadings {
    const seconds = powerMonitor.getSystemIdleTime();
    this.#tellsIdle ||= seconds > 0;
    return {
      idle: this.#tellsIdle
        ? { kind: 'known', value: Math.max(0, seconds) }
        : { kind: 'unknown', detail: WAYLAND_SILENT },
      onBattery: { kind: 'known', value: powerMonitor.isOnBatteryPower() },
    };
  }

  /** Calls back when a rule may have come to hold, or to hold no more. */
  onChange(listener: () => void): void {
    powerMonitor.on('on-battery', listener);
    powerMonitor.on('on-ac', listener);
    powerMonitor.on('suspend', listener);
    powerMonitor.on('resume', listener);
    powerMonitor.on('lock-screen', listener);
    powerMonitor.on('unlock-screen', listener);
  }
}

/** Keeps the machine, not its screen, from sleeping. */
export class KeepAwake {
  #blocker: number | undefined;

  set(awake: boolean): void {
    if (awake === (this.#blocker !== undefined)) return;
    if (this.#blocker === undefined) {
      this.#blocker = powerSaveBlocker.start('prevent-app-suspension');
    } else {
      powerSaveBlocker.stop(this.#blocker);
      this.#blocker = undefined;
    }
  }
}
