import type { DonationStatus, PauseReason } from '../../core/api/index.ts';

/** What donating does now and, where it does nothing, why: one line for the tray. */
export function describeDonation({ state, reasons }: DonationStatus): string {
  switch (state) {
    case 'running':
      return 'Proving open statements';
    case 'finishing':
      return 'Finishing what is under way';
    case 'stopped':
      return 'Not donating';
    case 'paused': {
      const [first] = reasons;
      const more = reasons.length > 1 ? `, and ${reasons.length - 1} more` : '';
      return first === undefined ? 'Paused' : `Paused: ${describeReason(first)}${more}`;
    }
  }
}

export function describeReason(reason: PauseReason): string {
  switch (reason.kind) {
    case 'stopped':
      return 'donating was not begun';
    case 'user':
      return reason.until === undefined ? 'you paused it' : `you paused it until ${timeOf(reason.until)}`;
    case 'schedule':
      return reason.nextAt === undefined ? 'outside its hours' : `until ${timeOf(reason.nextAt)}`;
    case 'not-idle':
      return `the computer is in use (begins after ${reason.minutes} min without input)`;
    case 'idle-unknown':
      return reason.detail;
    case 'battery':
      return 'on battery power';
    case 'battery-low':
      return `battery at ${Math.round(reason.percent)} %`;
    case 'metered':
      return 'metered network';
    case 'user-active':
      return 'you are using the computer';
    case 'program':
      return `${reason.program} is running`;
    case 'disk':
      return 'its disk space is used up';
    case 'disk-full':
      return 'the disk is nearly full';
    case 'no-work':
      return 'no open statement to work on';
    case 'unavailable':
      return reason.detail;
  }
}

const timeOf = (at: number): string =>
  new Date(at).toLocaleString(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });
