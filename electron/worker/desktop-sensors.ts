import type { Readings, Sensors } from '../../core/node/donation/index.ts';
import type { DesktopReadings } from '../ipc/worker-messages.ts';

export interface DesktopSensorsComponents {
  /** What can be told without a desktop: programs, disk, metered networks. */
  readonly system: Sensors;
  readonly readDesktop: (signal: AbortSignal) => Promise<DesktopReadings>;
}

/** The system's own sensors, and what only a desktop program is told: whether somebody uses the machine, and its power. */
export function desktopSensors({ system, readDesktop }: DesktopSensorsComponents): Sensors {
  return {
    async read(wanted, signal): Promise<Readings> {
      const [readings, { idle, onBattery }] = await Promise.all([
        system.read(wanted, signal),
        readDesktop(signal),
      ]);
      return { ...readings, idle, battery: battery(readings.battery, onBattery) };
    },
  };
}

/** The charge comes from the system where it tells it; whether the machine draws on it, from the desktop. */
function battery(system: Readings['battery'], onBattery: DesktopReadings['onBattery']): Readings['battery'] {
  if (onBattery.kind === 'unknown') return system;
  const percent = system.kind === 'known' ? system.value.percent : undefined;
  const value = { onBattery: onBattery.value, ...(percent === undefined ? {} : { percent }) };
  return { kind: 'known', value };
}
