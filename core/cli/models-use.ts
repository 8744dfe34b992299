import { z } from 'zod';
import { chooseModel, locate, openModelLibrary, type ModelChoice } from '../node/index.ts';
import { readModelFacts, type ModelLibrary } from '../policy/models/index.ts';
import { CommandError, EXIT } from './exit.ts';
import { checkFamily } from './models-fetch.ts';
import { modelsOptionsSchema, usablePath } from './models.ts';
import { printable, type Terminal } from './terminal.ts';

export const useOptionsSchema = modelsOptionsSchema.extend({
  none: z.boolean(),
  gpu: z.enum(['auto', 'cuda', 'metal', 'vulkan', 'cpu']).optional(),
  gpuLayers: z.int().optional(),
  context: z.int().optional(),
  parallel: z.int().optional(),
  threads: z.int().optional(),
  family: z.string().optional(),
});
type UseOptions = z.infer<typeof useOptionsSchema>;

/** `proofswarm models use MODEL` */
export async function modelsUse(
  reference: string | undefined,
  options: UseOptions,
  terminal: Terminal,
): Promise<number> {
  if ((reference === undefined) !== options.none) {
    throw new CommandError('name the model to be used, or --none');
  }
  const locations = locate(options.data);
  const choice =
    reference === undefined
      ? undefined
      : await choiceFor(await openModelLibrary(locations), reference, options);
  await chooseModel(locations.data, choice);
  if (options.json) terminal.out.write(`${JSON.stringify(choice ?? null)}\n`);
  else
    terminal.out.write(
      choice === undefined ? 'No model is used.\n' : `${printable(choice.model)} is used.\n`,
    );
  return EXIT.ok;
}

async function choiceFor(
  library: ModelLibrary,
  reference: string,
  options: UseOptions,
): Promise<ModelChoice> {
  checkFamily(options.family);
  const resolved = await library.resolve(reference);
  if (resolved.kind === 'listed') {
    throw new CommandError(
      `${reference} is not here yet; get it first: proofswarm models get ${resolved.listed.id}`,
    );
  }
  const path = resolved.kind === 'file' ? resolved.path : usablePath(resolved.model);
  // What cannot be read now would only be found out in the middle of a run.
  await readModelFacts(path);
  const model = resolved.kind === 'file' ? resolved.path : resolved.model.record.id;
  const promptFamily =
    options.family ?? (resolved.kind === 'file' ? undefined : resolved.model.record.promptFamily);
  const { gpu, gpuLayers, context, parallel, threads } = options;
  const limits = { context: [256, 1_048_576], parallel: [1, 256], threads: [1, 1024] } as const;
  for (const [name, [least, most]] of Object.entries(limits)) {
    const value = options[name as keyof typeof limits];
    if (value !== undefined && (value < least || value > most)) {
      throw new CommandError(`--${name} is from ${least} to ${most}`);
    }
  }
  return {
    model,
    ...(promptFamily === undefined ? {} : { promptFamily }),
    ...(gpu === undefined ? {} : { gpu }),
    ...(gpuLayers === undefined ? {} : { gpuLayers }),
    ...(context === undefined ? {} : { contextSize: context }),
    ...(parallel === undefined ? {} : { slots: parallel }),
    ...(threads === undefined ? {} : { threads }),
  };
}
