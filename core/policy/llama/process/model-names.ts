import type { GgufFileInfo } from 'node-llama-cpp';
import { z } from 'zod';
import type { ModelState } from '../types.ts';

const MAX_LENGTH = 500;
const MAX_BASES = 16;

const name = z
  .string()
  .transform((text) => text.slice(0, MAX_LENGTH))
  .optional()
  .catch(undefined);
const generalSchema = z
  .object({
    name,
    architecture: name,
    basename: name,
    organization: name,
    base_model: z.unknown().optional(),
  })
  .catch({});
const baseSchema = z.object({ name, repo_url: name }).catch({});

/** What a file says its model is: a stranger's words, cut to a length. */
export function modelNames(
  info: GgufFileInfo,
): Pick<ModelState, 'name' | 'architecture' | 'basename' | 'organization' | 'baseModels'> {
  const { base_model, ...names } = generalSchema.parse(info.metadata.general);
  const bases = z.record(z.string(), z.unknown()).catch({}).parse(base_model);
  const baseModels = Object.values(bases)
    .slice(0, MAX_BASES)
    .flatMap((base) => Object.values(baseSchema.parse(base)))
    .filter((base) => base !== undefined);
  return { ...names, baseModels };
}
