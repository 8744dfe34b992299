import { z } from 'zod';
import { command, lineSchema, timeSchema } from '../define.ts';

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 22:30');

/** Part of a week in local time. Where `to` is not later than `from`, it ends on the next day. */
export const scheduleSpanSchema = z.strictObject({
  /** 0 is Sunday, as in `Date.getDay`: the days on which the span begins. */
  days: z.array(z.int().min(0).max(6)).min(1).max(7),
  from: clockTime,
  to: clockTime,
});
export type ScheduleSpan = z.infer<typeof scheduleSpanSchema>;

export const donationRulesSchema = z.strictObject({
  when: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('always') }),
      /** Once nobody has touched the machine for so long. */
      z.strictObject({ kind: z.literal('idle'), minutes: z.int().min(1).max(240) }),
      z.strictObject({ kind: z.literal('schedule'), spans: z.array(scheduleSpanSchema).min(1).max(50) }),
    ])
    .default({ kind: 'idle', minutes: 5 }),
  pauseOn: z
    .strictObject({
      battery: z.boolean().default(true),
      /** On mains too while the battery is below, in per cent; 0 switches this off. */
      batteryBelow: z.int().min(0).max(100).default(0),
      metered: z.boolean().default(true),
      /** Someone used keyboard or pointer within the last minute. */
      userActive: z.boolean().default(false),
      /** Names of programs as the system lists them, e.g. `blender`; case does not matter. */
      programs: z.array(z.string().min(1).max(100)).max(50).default([]),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Statements worked on at one time; each takes a core. Absent: what the machine can bear. */
      cores: z.int().min(1).max(1024).optional(),
      memoryBytes: z.number().positive().optional(),
      vramBytes: z.number().positive().optional(),
      gpu: z.enum(['auto', 'cuda', 'metal', 'vulkan', 'cpu']).default('auto'),
      /** What data and models may take on disk. */
      diskBytes: z.number().positive().optional(),
      /** To peers, averaged over a minute. */
      uploadBytesPerSecond: z.number().positive().optional(),
    })
    .prefault({}),
  /** Keeps the machine from sleeping while it works. */
  keepAwake: z.boolean().default(false),
});
export type DonationRules = z.infer<typeof donationRulesSchema>;

export const SENSORS = ['idle', 'battery', 'metered', 'programs', 'disk'] as const;
export type SensorName = (typeof SENSORS)[number];

/** Why nothing is being worked on; all that hold are given, so that the user sees what to change. */
export const pauseReasonSchema = z.discriminatedUnion('kind', [
  /** Donating was never begun, or was stopped. */
  z.object({ kind: z.literal('stopped') }),
  z.object({ kind: z.literal('user'), until: timeSchema.optional() }),
  z.object({ kind: z.literal('schedule'), nextAt: timeSchema.optional() }),
  z.object({ kind: z.literal('not-idle'), minutes: z.int() }),
  /** The rule asks for idle time and this desktop does not tell it. */
  z.object({ kind: z.literal('idle-unknown'), detail: lineSchema }),
  z.object({ kind: z.literal('battery'), percent: z.number().min(0).max(100).optional() }),
  z.object({ kind: z.literal('battery-low'), percent: z.number().min(0).max(100), below: z.int() }),
  z.object({ kind: z.literal('metered') }),
  z.object({ kind: z.literal('user-active') }),
  z.object({ kind: z.literal('program'), program: z.string().max(100) }),
  z.object({ kind: z.literal('disk'), usedBytes: z.number(), limitBytes: z.number() }),
  z.object({ kind: z.literal('disk-full'), freeBytes: z.number() }),
  /** There is nothing to work on. */
  z.object({ kind: z.literal('no-work') }),
  /** Lean or the model is not to be had; the detail says why. */
  z.object({ kind: z.literal('unavailable'), detail: lineSchema }),
]);
export type PauseReason = z.infer<typeof pauseReasonSchema>;

/** A rule that is not kept, as nothing tells whether it applies. */
export const sensorGapSchema = z.object({ sensor: z.enum(SENSORS), detail: lineSchema });
export type SensorGap = z.infer<typeof sensorGapSchema>;

export const donationStatusSchema = z.object({
  /** `finishing`: what is under way is brought to its end, and nothing new is begun. */
  state: z.enum(['running', 'paused', 'finishing', 'stopped']),
  reasons: z.array(pauseReasonSchema).max(70),
  gaps: z.array(sensorGapSchema).max(SENSORS.length),
  since: timeSchema,
  /** When the schedule or a pause of the user's ends, where that is what it waits for. */
  nextAt: timeSchema.optional(),
  /** Whether the machine is being kept from sleeping. */
  awake: z.boolean(),
});
export type DonationStatus = z.infer<typeof donationStatusSchema>;

export const donationCommands = {
  /**
   * `start`: work from the board when the rules allow it · `pause`: not before `minutes` are over, or until `resume` ·
   * `finish`: end what is under way, then stop · `stop`: now.
   */
  'donation.control': command(
    z.strictObject({
      action: z.enum(['start', 'pause', 'resume', 'finish', 'stop']),
      minutes: z
        .int()
        .min(1)
        .max(7 * 24 * 60)
        .optional(),
    }),
    z.object({ donation: donationStatusSchema }),
  ),
};

export const donationEvents = [
  z.object({ type: z.literal('donation:changed'), donation: donationStatusSchema }),
] as const;
