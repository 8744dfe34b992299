import type { DonationRules, SensorName } from '../../api/index.ts';

/** What a sensor says; where it cannot tell, why. */
export type Reading<T> =
  { readonly kind: 'known'; readonly value: T } | { readonly kind: 'unknown'; readonly detail: string };

export const known = <T>(value: T): Reading<T> => ({ kind: 'known', value });
export const unknown = (detail: string): Extract<Reading<never>, { kind: 'unknown' }> => ({
  kind: 'unknown',
  detail,
});

export interface Readings {
  /** Since someone last used keyboard or pointer, in seconds. */
  readonly idle: Reading<number>;
  readonly battery: Reading<{
    readonly onBattery: boolean;
    /** Absent where there is no battery. */
    readonly percent?: number;
  }>;
  readonly metered: Reading<boolean>;
  /** Names of the programs that run. */
  readonly programs: Reading<readonly string[]>;
  readonly disk: Reading<{
    readonly freeBytes: number;
    /** What data and models take; absent where nobody asked. */
    readonly usedBytes?: number;
  }>;
}

/** Looks at the machine. What is not wanted need not be looked at; it is `unknown` then, and nobody reads it. */
export interface Sensors {
  read(wanted: ReadonlySet<SensorName>, signal: AbortSignal): Promise<Readings>;
}

/** The sensors that a set of rules asks. */
export function wantedSensors({ when, pauseOn }: DonationRules): Set<SensorName> {
  const wanted = new Set<SensorName>(['disk']);
  if (when.kind === 'idle' || pauseOn.userActive) wanted.add('idle');
  if (pauseOn.battery || pauseOn.batteryBelow > 0) wanted.add('battery');
  if (pauseOn.metered) wanted.add('metered');
  if (pauseOn.programs.length > 0) wanted.add('programs');
  return wanted;
}
