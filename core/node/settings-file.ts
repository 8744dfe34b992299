import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

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

/** What later versions add stays as it is. */
const settingsSchema = z.looseObject({ version: z.literal(1), model: modelChoiceSchema.optional() });
export type Settings = z.infer<typeof settingsSchema>;

/** The settings file is there but cannot be understood; it is never overwritten. */
export class DamagedSettingsError extends Error {
  override readonly name = 'DamagedSettingsError';
  readonly file: string;

  constructor(file: string, detail: string, cause: unknown) {
    super(`${file} does not hold settings: ${detail}; mend it, or delete it to begin with none`, { cause });
    this.file = file;
  }
}

const settingsFile = (dataDirectory: string): string => path.join(dataDirectory, 'settings.json');

/** @throws DamagedSettingsError */
export async function readSettings(dataDirectory: string): Promise<Settings> {
  const file = settingsFile(dataDirectory);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { version: 1 };
  try {
    return settingsSchema.parse(JSON.parse(text));
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    const detail = issue === undefined ? 'no JSON' : `${issue.path.join('.')} ${issue.message}`;
    throw new DamagedSettingsError(file, detail, error);
  }
}

/**
 * Sets the model to be used, or none; all other settings stay.
 * @throws DamagedSettingsError, ZodError where the choice is none
 */
export async function chooseModel(dataDirectory: string, choice: ModelChoice | undefined): Promise<void> {
  const others = await readSettings(dataDirectory);
  delete others.model;
  const settings: Settings =
    choice === undefined ? others : { ...others, model: modelChoiceSchema.parse(choice) };
  await writeWhole(settingsFile(dataDirectory), `${JSON.stringify(settings, undefined, 2)}\n`);
}

/** The file appears whole or not at all. */
async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
