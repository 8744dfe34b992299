import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DamagedFileError, UnknownModelError } from './errors.ts';

const slug = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/);
const SHA256 = /^[0-9a-f]{64}$/;

/** One file of a model, as a hub offers it. */
const modelFileSchema = z.strictObject({
  quantisation: z.string().min(1).max(20),
  /** `owner/name` on the hub. */
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  file: z.string().regex(/^[\w.-]+\.gguf$/i),
  /** A branch or commit of the repository. */
  revision: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('main'),
  bytes: z.int().positive().optional(),
  sha256: z.string().regex(SHA256).optional(),
  /** What nobody has seen with their own eyes, by the name of the field; empty where all is confirmed. */
  unconfirmed: z.array(z.enum(['repository', 'file', 'bytes', 'sha256'])).default([]),
});
export type ModelFile = Readonly<z.infer<typeof modelFileSchema>>;

/** What memory is needed is told by these, before anything is fetched. */
const shapeSchema = z.strictObject({
  architecture: z.string(),
  parameters: z.int().positive(),
  layers: z.int().positive(),
  keyValueHeads: z.int().positive(),
  headLength: z.int().positive(),
  embeddingLength: z.int().positive(),
  vocabulary: z.int().positive(),
});

const modelSchema = z.strictObject({
  id: slug,
  name: z.string().min(1),
  description: z.string().min(1),
  /** The repository of the weights that the files were made from. */
  source: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  /** An SPDX identifier, or a name in words. */
  licence: z.string().min(1),
  promptFamily: slug,
  /** Tokens that it was trained for. */
  contextLength: z.int().positive(),
  shape: shapeSchema,
  files: z.array(modelFileSchema),
  /** What nobody has seen with their own eyes, by the name of the field. */
  unconfirmed: z.array(z.enum(['licence', 'contextLength', 'shape', 'promptFamily'])).default([]),
  note: z.string().optional(),
});
export type ListedModel = Readonly<z.infer<typeof modelSchema>>;

const manifestSchema = z
  .strictObject({
    version: z.literal(1),
    about: z.string(),
    /** Where `{repository}`, `{revision}` and `{file}` are found. */
    address: z.string().regex(/^https:\/\/.*\{repository\}.*\{revision\}.*\{file\}/),
    models: z.array(modelSchema),
  })
  .refine(({ models }) => new Set(models.map(({ id }) => id)).size === models.length, 'two models of one id');
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;

/** A file of a model of the manifest, under the id that it gets when it is fetched. */
export interface ListedFile {
  readonly id: string;
  readonly model: ListedModel;
  readonly file: ModelFile;
  readonly url: string;
}

/** @throws DamagedFileError */
export async function readManifest(path: string): Promise<Manifest> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new DamagedFileError(path, 'is no list of models', error);
  }
}

export function listedFiles(manifest: Manifest): ListedFile[] {
  return manifest.models.flatMap((model) =>
    model.files.map((file) => ({
      id: `${model.id}-${file.quantisation.toLowerCase()}`,
      model,
      file,
      url: manifest.address
        .replace('{repository}', file.repository)
        .replace('{revision}', file.revision)
        .replace('{file}', file.file),
    })),
  );
}

/**
 * The file that a reference means: `goedel-prover-v2-8b` (the first of its files), `goedel-prover-v2-8b:Q8_0`, or
 * `goedel-prover-v2-8b-q8_0`. Undefined where no listed model is meant.
 * @throws UnknownModelError where the model is listed, but not that file of it
 */
export function findListed(manifest: Manifest, reference: string): ListedFile | undefined {
  const wanted = reference.toLowerCase();
  const files = listedFiles(manifest);
  const exact = files.find(({ id }) => id === wanted.replace(':', '-'));
  if (exact !== undefined) return exact;
  const [id, quantisation] = wanted.split(':');
  const model = manifest.models.find((candidate) => candidate.id === id);
  if (model === undefined) return undefined;
  const all = model.files.map((file) => file.quantisation).join(', ');
  if (quantisation !== undefined) {
    throw new UnknownModelError(
      reference,
      `${model.name} is listed in ${all === '' ? 'no quantisation' : all}`,
    );
  }
  const first = files.find((file) => file.model === model);
  if (first === undefined) throw new UnknownModelError(reference, model.note ?? 'no file of it is listed');
  return first;
}
