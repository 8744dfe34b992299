import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ToolchainError } from './errors.ts';

const assetSchema = z.strictObject({
  url: z.url(),
  /** In bytes; null where it is not known for certain. */
  size: z.int().positive().nullable(),
  /** As the release host publishes it; null where it is not known for certain. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
});
export type PinnedAsset = z.infer<typeof assetSchema>;

const toolchainSchema = z.strictObject({
  version: z.string(),
  /** By platform and architecture, as Node calls them. */
  assets: z.record(z.string(), assetSchema),
});
export type PinnedToolchain = z.infer<typeof toolchainSchema>;

const mathlibSchema = z.strictObject({
  lean: z.string(),
  tag: z.string(),
  /** The commit that the tag names. */
  revision: z.string().regex(/^[0-9a-f]{40}$/),
  url: z.url(),
});
export type PinnedMathlib = z.infer<typeof mathlibSchema>;

export const pinsSchema = z.strictObject({
  toolchains: z.array(toolchainSchema).min(1),
  mathlib: z.array(mathlibSchema).min(1),
});
export type Pins = z.infer<typeof pinsSchema>;

/**
 * The official releases that can be installed, the first by default. A digest is pinned where at least two public sources
 * that are independent of each other and of us agree on it; others are left open, and refused unless the user accepts that.
 */
export function readPins(): Pins {
  const text = readFileSync(new URL('pins.json', import.meta.url), 'utf8');
  return pinsSchema.parse(JSON.parse(text));
}

/** @throws ToolchainError where the version is not pinned */
export function pinnedToolchain(pins: Pins, version?: string): PinnedToolchain {
  const wanted = version?.replace(/^v/, '');
  const found = pins.toolchains.find((pin) => wanted === undefined || pin.version === wanted);
  if (found !== undefined) return found;
  const known = pins.toolchains.map((pin) => pin.version).join(', ');
  throw new ToolchainError(
    'pin',
    `Lean ${wanted ?? ''} is not among the releases that can be installed: ${known}`,
  );
}

/** @throws ToolchainError where there is no release for the platform */
export function pinnedAsset(
  pin: PinnedToolchain,
  platform: string = process.platform,
  architecture: string = process.arch,
): PinnedAsset {
  const key = `${platform}-${architecture}`;
  const asset = pin.assets[key];
  if (asset === undefined)
    throw new ToolchainError('platform', `there is no official Lean ${pin.version} for ${key}`);
  return asset;
}
