/**
 * When this machine works for others: a pure decision over rules, clock and sensors; a scheduler that keeps to it; lanes
 * that do the work.
 */
export { systemClock, type Clock } from './clock.ts';
export { decide, MIN_FREE_BYTES, type Control, type Decision } from './decide.ts';
export { Lanes, type Job, type LanesComponents } from './lanes.ts';
export { linuxSensors, readMeteredOutput, type LinuxSensorsInit } from './linux-sensors.ts';
export { diskOnlySensors } from './no-sensors.ts';
export { isScheduled, nextChange } from './schedule.ts';
export { DonationScheduler, type DonationWorker, type SchedulerComponents } from './scheduler.ts';
export { known, unknown, wantedSensors, type Reading, type Readings, type Sensors } from './sensors.ts';
