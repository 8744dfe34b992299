import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { settingsSchema, type FirstRun, type Settings, type SettingsPatch } from '../api/index.ts';
import { writeWhole } from './write-whole.ts';

type Section = keyof typeof settingsSchema.shape;
const SECTIONS = Object.keys(settingsSchema.shape) as Section[];

/** Who may have been out of the swarm stays out of it. */
const IN_PLACE_OF_UNREADABLE: Partial<Record<Section, unknown>> = { network: { enabled: false } };
const saysWhetherToJoin = z.looseObject({ enabled: z.boolean() });

const firstRunFields = z.object({
  agreement: z.object({ licence: z.literal('Apache-2.0'), at: z.number().nonnegative() }).optional(),
  welcomed: z.boolean().optional(),
});

/** What of a settings file could not be understood; defaults hold in its place. */
export interface SettingsDefect {
  readonly file: string;
  readonly detail: string;
  /** Where the file is kept as it was, once something is written. */
  readonly keptAs: string;
}

export interface SettingsStoreOptions {
  /** Milliseconds since 1970; names the copy of a damaged file. */
  readonly now?: number;
  /** Whether the swarm is joined where the file does not say. Where it cannot be understood, it is not. */
  readonly joinUnlessSet?: boolean;
}

/**
 * The user's settings, `settings.json` of the data directory. What later versions put there stays. A file, or a section
 * of it, that cannot be understood counts as absent, is told of, and is kept aside before anything is written.
 */
export class SettingsStore {
  readonly file: string;
  readonly defect: SettingsDefect | undefined;
  /** All that the file holds, our sections and others'. */
  #fields: Record<string, unknown>;
  #settings: Settings;
  #firstRun: FirstRun;
  readonly #joinUnlessSet: boolean;
  #keepAside: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: string, text: string | undefined, options: SettingsStoreOptions) {
    const { now = Date.now(), joinUnlessSet = false } = options;
    const read = interpret(text, joinUnlessSet);
    this.file = file;
    this.#joinUnlessSet = joinUnlessSet;
    this.#fields = read.fields;
    this.#settings = read.settings;
    this.#firstRun = read.firstRun;
    if (read.defects.length > 0) {
      this.#keepAside = `${file}.damaged-${now}`;
      this.defect = { file, detail: read.defects.join('; '), keptAs: this.#keepAside };
    }
  }

  /** Reads the file anew; without one all is as in the beginning. */
  static async open(dataDirectory: string, options: SettingsStoreOptions = {}): Promise<SettingsStore> {
    const file = path.join(dataDirectory, 'settings.json');
    return new SettingsStore(file, await readText(file), options);
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** Whether the user has set a section, so that no default is in its place. */
  has(section: Section): boolean {
    return this.#fields[section] !== undefined;
  }

  get firstRun(): FirstRun {
    return this.#firstRun;
  }

  /** On disk when it resolves. Changes that overlap are made one after another. */
  update(patch: SettingsPatch): Promise<Settings> {
    return this.#change((fields) => {
      for (const [section, value] of Object.entries(patch)) {
        if (value === null) fields[section] = undefined;
        else if (value !== undefined) fields[section] = value;
      }
    });
  }

  reset(section: Section): Promise<Settings> {
    return this.#change((fields) => {
      fields[section] = undefined;
    });
  }

  async agree(now: number = Date.now()): Promise<FirstRun> {
    await this.#change((fields) => {
      fields['agreement'] = { licence: 'Apache-2.0', at: now };
    });
    return this.#firstRun;
  }

  async finishFirstRun(): Promise<FirstRun> {
    await this.#change((fields) => {
      fields['welcomed'] = true;
    });
    return this.#firstRun;
  }

  /** The command line may have written since: `proofswarm models use`. */
  async #fieldsNow(): Promise<Record<string, unknown>> {
    const { fields, defects } = interpret(await readText(this.file), this.#joinUnlessSet);
    return defects.length === 0 ? fields : { ...this.#fields };
  }

  #change(edit: (fields: Record<string, unknown>) => void): Promise<Settings> {
    const change = this.#last.then(async () => {
      const fields = await this.#fieldsNow();
      edit(fields);
      const text = `${JSON.stringify({ ...fields, version: 1 }, undefined, 2)}\n`;
      const next = interpret(text, this.#joinUnlessSet);
      if (this.#keepAside !== undefined) await copyFile(this.file, this.#keepAside);
      this.#keepAside = undefined;
      await writeWhole(this.file, text, 0o600);
      this.#fields = next.fields;
      this.#settings = next.settings;
      this.#firstRun = next.firstRun;
      return this.#settings;
    });
    this.#last = change.catch(() => undefined);
    return change;
  }
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
}

function interpret(
  text: string | undefined,
  joinUnlessSet: boolean,
): {
  fields: Record<string, unknown>;
  settings: Settings;
  firstRun: FirstRun;
  defects: string[];
} {
  const defects: string[] = [];
  const fields = readFields(text, defects);
  const sections: Partial<Record<Section, unknown>> = {};
  for (const section of SECTIONS) {
    const parsed = settingsSchema.shape[section].safeParse(fields[section]);
    if (parsed.success) sections[section] = parsed.data;
    else {
      const issue = parsed.error.issues[0];
      defects.push(
        `${[section, ...(issue?.path ?? [])].map(String).join('.')}: ${issue?.message ?? 'invalid'}`,
      );
      fields[section] = IN_PLACE_OF_UNREADABLE[section];
    }
  }
  if (joinUnlessSet && !saysWhetherToJoin.safeParse(fields['network']).success) {
    sections.network = { ...settingsSchema.shape.network.parse(sections.network), enabled: true };
  }
  const first = firstRunFields.safeParse(fields);
  const { agreement, welcomed = false } = first.success ? first.data : {};
  if (!first.success) defects.push('agreement: invalid');
  const firstRun = { done: welcomed, ...(agreement === undefined ? {} : { agreedAt: agreement.at }) };
  return { fields, settings: settingsSchema.parse(sections), firstRun, defects };
}

function readFields(text: string | undefined, defects: string[]): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const parsed = z.looseObject({ version: z.literal(1) }).parse(JSON.parse(text));
    return { ...parsed };
  } catch (error) {
    defects.push(error instanceof z.ZodError ? 'no settings of version 1' : 'no JSON');
    return { ...IN_PLACE_OF_UNREADABLE };
  }
}
