import type { DonationRules, PauseReason, SensorGap, SensorName } from '../../api/index.ts';
import { isScheduled, nextChange } from './schedule.ts';
import type { Reading, Readings } from './sensors.ts';

/** What the user has asked for. */
export type Control =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'on' }
  /** Until then in milliseconds since 1970, or until the user says otherwise. */
  | { readonly kind: 'paused'; readonly until?: number }
  | { readonly kind: 'finishing' };

export interface Decision {
  /** Whether new work may be begun, and work under way go on. */
  readonly mayWork: boolean;
  /** All that stand against it; empty exactly when nothing does. */
  readonly reasons: readonly PauseReason[];
  /** Rules that are not kept, as nothing tells whether they apply. */
  readonly gaps: readonly SensorGap[];
  /** When time alone will change this, in milliseconds since 1970. */
  readonly nextAt?: number;
}

/** Someone used the machine within so many seconds. */
const ACTIVE_SECONDS = 60;
/** Less than this is left to the rest of the machine, whatever the limits say. */
export const MIN_FREE_BYTES = 1e9;
const MAX_NAMED = 50;

/** Whether to work now: pure, so that every rule can be tried against every clock and machine. */
export function decide(rules: DonationRules, control: Control, readings: Readings, now: number): Decision {
  if (control.kind === 'stopped') return { mayWork: false, reasons: [{ kind: 'stopped' }], gaps: [] };
  const reasons: PauseReason[] = [];
  const gaps = new Map<SensorName, string>();
  const waits: number[] = [];
  const ask = <T>(sensor: SensorName, reading: Reading<T>, use: (value: T) => void): void => {
    if (reading.kind === 'known') use(reading.value);
    else gaps.set(sensor, reading.detail);
  };

  if (control.kind === 'paused' && (control.until === undefined || now < control.until)) {
    reasons.push({ kind: 'user', ...(control.until === undefined ? {} : { until: control.until }) });
    if (control.until !== undefined) waits.push(control.until);
  }
  if (rules.when.kind === 'schedule') {
    const { spans } = rules.when;
    const at = nextChange(spans, new Date(now))?.getTime();
    if (at !== undefined) waits.push(at);
    if (!isScheduled(spans, new Date(now))) {
      reasons.push({ kind: 'schedule', ...(at === undefined ? {} : { nextAt: at }) });
    }
  }
  if (rules.when.kind === 'idle') {
    const { minutes } = rules.when;
    const { idle } = readings;
    if (idle.kind === 'unknown') reasons.push({ kind: 'idle-unknown', detail: idle.detail });
    ask('idle', idle, (seconds) => {
      if (seconds < minutes * 60) reasons.push({ kind: 'not-idle', minutes });
    });
  }
  const { pauseOn, limits } = rules;
  if (pauseOn.battery || pauseOn.batteryBelow > 0) {
    ask('battery', readings.battery, ({ onBattery, percent }) => {
      if (pauseOn.battery && onBattery) {
        reasons.push({ kind: 'battery', ...(percent === undefined ? {} : { percent }) });
      }
      if (percent !== undefined && percent < pauseOn.batteryBelow) {
        reasons.push({ kind: 'battery-low', percent, below: pauseOn.batteryBelow });
      }
    });
  }
  if (pauseOn.metered) {
    ask('metered', readings.metered, (metered) => {
      if (metered) reasons.push({ kind: 'metered' });
    });
  }
  if (pauseOn.userActive) {
    ask('idle', readings.idle, (seconds) => {
      if (seconds < ACTIVE_SECONDS) reasons.push({ kind: 'user-active' });
    });
  }
  if (pauseOn.programs.length > 0) {
    ask('programs', readings.programs, (running) => {
      for (const program of chosen(pauseOn.programs, running)) reasons.push({ kind: 'program', program });
    });
  }
  ask('disk', readings.disk, ({ freeBytes, usedBytes }) => {
    if (freeBytes < MIN_FREE_BYTES) reasons.push({ kind: 'disk-full', freeBytes });
    if (limits.diskBytes !== undefined && usedBytes !== undefined && usedBytes > limits.diskBytes) {
      reasons.push({ kind: 'disk', usedBytes, limitBytes: limits.diskBytes });
    }
  });
  const nextAt = Math.min(...waits.filter((at) => at > now));
  return {
    mayWork: reasons.length === 0,
    reasons,
    gaps: [...gaps].map(([sensor, detail]) => ({ sensor, detail })),
    ...(Number.isFinite(nextAt) ? { nextAt } : {}),
  };
}

/** Those of the chosen programs that run. */
function chosen(programs: readonly string[], running: readonly string[]): string[] {
  const names = new Set(running.map(plain));
  return programs.filter((program) => names.has(plain(program))).slice(0, MAX_NAMED);
}

const plain = (name: string): string => name.toLowerCase().replace(/\.exe$/, '');
