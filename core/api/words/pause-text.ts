import type { DonationStatus, PauseReason, SensorName } from '../areas/donation.ts';
import { bytes, clock, plural } from './format.ts';

/** Why nothing is being worked on, as one says it. */
export function pauseText(reason: PauseReason, now: number): string {
  switch (reason.kind) {
    case 'stopped':
      return 'You have not started donating, or have stopped it';
    case 'user':
      return reason.until === undefined ? 'You paused it' : `You paused it until ${clock(reason.until, now)}`;
    case 'schedule':
      return reason.nextAt === undefined
        ? 'Your schedule has no further time'
        : `Outside of your schedule; it begins ${clock(reason.nextAt, now)}`;
    case 'not-idle':
      return `The machine is in use; it waits for ${plural(reason.minutes, 'minute')} without input`;
    case 'idle-unknown':
      return `This desktop does not tell whether the machine is idle: ${reason.detail}`;
    case 'battery':
      return reason.percent === undefined
        ? 'The machine runs on battery'
        : `The machine runs on battery (${Math.round(reason.percent)} %)`;
    case 'battery-low':
      return `The battery is at ${Math.round(reason.percent)} %, below ${reason.below} %`;
    case 'metered':
      return 'The network connection is metered';
    case 'user-active':
      return 'Someone is using the machine';
    case 'program':
      return `${reason.program} is running`;
    case 'disk':
      return `Data take ${bytes(reason.usedBytes)} of the ${bytes(reason.limitBytes)} that you allow`;
    case 'disk-full':
      return `The disk is nearly full: ${bytes(reason.freeBytes)} are free`;
    case 'no-work':
      return 'There is no open statement to work on';
    case 'unavailable':
      return reason.detail;
  }
}

/** A headline for how donating stands. */
export function donationTitle({ state }: DonationStatus): string {
  return {
    running: 'Proving',
    paused: 'Paused',
    finishing: 'Finishing what is under way',
    stopped: 'Not donating',
  }[state];
}

/** Which rule is not kept, as what it asks for cannot be told here. */
export const GAP_TEXT: Readonly<Record<SensorName, string>> = {
  idle: 'The rule about idle times is not kept',
  battery: 'The rule about the battery is not kept',
  metered: 'The rule about metered networks is not kept',
  programs: 'The rule about running programs is not kept',
  disk: 'The limit for the disk is not kept',
};
