import { z } from 'zod';
import { command, pathSchema, timeSchema } from '../define.ts';
import { donationRulesSchema } from './donation.ts';

const addressSchema = z.string().min(1).max(1000);

/** The model that is used where none is named, and how it is run; what is left out is the engine's to choose. */
export const modelChoiceSchema = z.strictObject({
  /** An id of the model library, or the absolute path of a file. */
  model: z.string().min(1).max(4096),
  promptFamily: z.string().min(1).max(100).optional(),
  gpu: z.enum(['auto', 'cuda', 'metal', 'vulkan', 'cpu']).optional(),
  gpuLayers: z.int().min(0).max(10_000).optional(),
  /** Tokens of one rollout, prompt and reply together. */
  contextSize: z.int().min(256).max(1_048_576).optional(),
  /** Rollouts at one time. */
  slots: z.int().min(1).max(256).optional(),
  threads: z.int().min(1).max(1024).optional(),
});
export type ModelChoice = Readonly<z.infer<typeof modelChoiceSchema>>;

export const POLICIES = ['portfolio', 'llama', 'mixed'] as const;
export const policyNameSchema = z.enum(POLICIES);
export type PolicyName = z.infer<typeof policyNameSchema>;

/** The budget of one statement. */
export const proveSettingsSchema = z.strictObject({
  policy: policyNameSchema.default('portfolio'),
  rollouts: z.int().min(1).max(1024).default(1),
  rounds: z.int().min(1).max(256).default(16),
  seconds: z.number().min(1).max(86_400).default(60),
  /** Verified proofs shown to the policy; 0 switches retrieval off. */
  retrieve: z.int().min(0).max(16).default(4),
  feedback: z.boolean().default(true),
});
export type ProveSettings = z.infer<typeof proveSettingsSchema>;

export const settingsSchema = z.strictObject({
  donation: donationRulesSchema.prefault({}),
  network: z
    .strictObject({
      /** Off: nothing listens, nothing is asked, nobody learns of this node. */
      enabled: z.boolean().default(false),
      /** Multiaddrs. Empty: a free port on every interface. */
      listen: z.array(addressSchema).max(20).default([]),
      bootstrap: z.array(addressSchema).max(100).default([]),
      relays: z.array(addressSchema).max(20).default([]),
      /** Lets peers that others cannot reach be reached through this node, within bounds. */
      relay: z.boolean().default(false),
      /** Finds peers on the local network. */
      mdns: z.boolean().default(true),
      dht: z.boolean().default(true),
      upnp: z.boolean().default(true),
    })
    .prefault({}),
  lean: z
    .strictObject({
      /** Checks at one time; each takes a core and some 0.8 GB. Absent: what the machine can bear. */
      jobs: z.int().min(1).max(256).optional(),
      checkSeconds: z.number().min(1).max(3600).default(20),
      /** A toolchain's directory for environments beyond core Lean, such as Mathlib. */
      toolchain: pathSchema.optional(),
    })
    .prefault({}),
  prove: proveSettingsSchema.prefault({}),
  model: modelChoiceSchema.optional(),
  appearance: z
    .strictObject({
      theme: z.enum(['system', 'light', 'dark']).default('system'),
      motion: z.enum(['system', 'reduced', 'full']).default('system'),
      editorFontSize: z.int().min(8).max(40).default(14),
    })
    .prefault({}),
  notifications: z
    .strictObject({ ownProofs: z.boolean().default(true), watchedStatements: z.boolean().default(true) })
    .prefault({}),
  app: z
    .strictObject({ launchAtLogin: z.boolean().default(false), closeToTray: z.boolean().default(true) })
    .prefault({}),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Sections to put in the place of those that are there; a section is whole. `model: null` is no model. */
export const settingsPatchSchema = z.strictObject({
  donation: donationRulesSchema.optional(),
  network: settingsSchema.shape.network.optional(),
  lean: settingsSchema.shape.lean.optional(),
  prove: proveSettingsSchema.optional(),
  model: modelChoiceSchema.nullable().optional(),
  appearance: settingsSchema.shape.appearance.optional(),
  notifications: settingsSchema.shape.notifications.optional(),
  app: settingsSchema.shape.app.optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

/** What stands between the first start and the first proof. */
export const firstRunSchema = z.object({
  done: z.boolean(),
  /** When the user agreed that their proofs are published under Apache-2.0. */
  agreedAt: timeSchema.optional(),
});
export type FirstRun = z.infer<typeof firstRunSchema>;

export const settingsCommands = {
  /** On disk when it answers. `restart` names the sections that hold from the next start only. */
  'settings.update': command(
    z.strictObject({ patch: settingsPatchSchema }),
    z.object({ settings: settingsSchema, restart: z.array(z.string().max(50)).max(10) }),
  ),
  'settings.reset': command(
    z.strictObject({
      section: z.enum(['donation', 'network', 'lean', 'prove', 'appearance', 'notifications', 'app']),
    }),
    z.object({ settings: settingsSchema }),
  ),
  /** The user's answer to the welcome: the licence of what they publish, and whether to join the network. */
  'first-run.agree': command(
    z.strictObject({ licence: z.literal('Apache-2.0'), network: z.boolean() }),
    z.object({ firstRun: firstRunSchema }),
  ),
  'first-run.finish': command(z.strictObject({}), z.object({ firstRun: firstRunSchema })),
};

export const settingsEvents = [
  z.object({ type: z.literal('settings:changed'), settings: settingsSchema }),
  z.object({ type: z.literal('first-run:changed'), firstRun: firstRunSchema }),
] as const;
