import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { modelChoiceSchema, type ModelChoice } from '../api/index.ts';
import { describeInvalid } from '../record/index.ts';
import { writeWhole } from './write-whole.ts';

export { modelChoiceSchema, type ModelChoice };

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
    const detail = error instanceof z.ZodError ? describeInvalid(error) : 'no JSON';
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
