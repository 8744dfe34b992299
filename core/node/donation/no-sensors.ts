import { readDisk, type DiskInit } from './disk-sensor.ts';
import { unknown, type Sensors } from './sensors.ts';

/** Where nothing but the disk can be looked at: macOS and Windows without the desktop app. */
export function diskOnlySensors(init: DiskInit): Sensors {
  const silent = unknown('on this system only the desktop app can tell');
  return {
    async read(_, signal) {
      const disk = await readDisk(init, signal);
      return { idle: silent, battery: silent, metered: silent, programs: silent, disk };
    },
  };
}
