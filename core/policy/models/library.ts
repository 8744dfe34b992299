import { realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  download,
  Partial,
  sha256Of,
  type DownloadEvent,
  type DownloadOptions,
  type Expected,
} from './download/index.ts';
import { ModelExistsError, UnknownModelError, type DamagedFileError } from './errors.ts';
import { readModelFacts, UnreadableModelError, type ModelFacts } from './gguf/index.ts';
import { findListed, type ListedFile, type Manifest } from './manifest.ts';
import {
  idFromFile,
  parseId,
  readRecord,
  readRecords,
  removeRecord,
  writeRecord,
  type ModelRecord,
} from './record.ts';
import { wantedFile } from './wanted.ts';

/** A model on this machine, as its file is now. */
export interface InstalledModel {
  readonly record: ModelRecord;
  /** Where the file lies. */
  readonly path: string;
  readonly state: 'ok' | 'missing' | 'changed';
}

/** What a reference stands for, in the order in which they are looked for. */
export type Resolved =
  | { readonly kind: 'installed'; readonly model: InstalledModel }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'listed'; readonly listed: ListedFile };

export interface LibraryInit {
  /** Where fetched models and all records lie; made at first need. */
  readonly directory: string;
  readonly manifest: Manifest;
  /** How files are fetched; the signal and events come with each call. */
  readonly download?: Omit<DownloadOptions, 'signal' | 'onEvent' | 'inspect'>;
}

export interface FetchOptions {
  /** The id that the model gets; of the list, or from the file's name, unless set. */
  readonly id?: string;
  readonly promptFamily?: string;
  /** The checksum that it must have, in hexadecimal. */
  readonly sha256?: string;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: DownloadEvent) => void;
}

/** The models on this machine and those that could be. Several processes may use one directory at a time. */
export class ModelLibrary {
  readonly directory: string;
  readonly manifest: Manifest;
  readonly #download: NonNullable<LibraryInit['download']>;

  constructor({ directory, manifest, download: how = {} }: LibraryInit) {
    this.directory = directory;
    this.manifest = manifest;
    this.#download = how;
  }

  /** All models that are here, by id, and the records that cannot be read. */
  async installed(): Promise<{ models: InstalledModel[]; damaged: DamagedFileError[] }> {
    const { records, damaged } = await readRecords(this.directory);
    return { models: await Promise.all(records.map((record) => this.#look(record))), damaged };
  }

  /**
   * What is meant by an id, a listed model with or without its quantisation, or the path of a file.
   * @throws UnknownModelError, DamagedFileError
   */
  async resolve(reference: string): Promise<Resolved> {
    const id = reference.toLowerCase().replace(':', '-');
    const record = idFromFile(id) === id ? await readRecord(this.directory, id) : undefined;
    if (record !== undefined) return { kind: 'installed', model: await this.#look(record) };
    const listed = findListed(this.manifest, reference);
    if (listed !== undefined) {
      const here = await readRecord(this.directory, listed.id);
      return here === undefined
        ? { kind: 'listed', listed }
        : { kind: 'installed', model: await this.#look(here) };
    }
    const file = await stat(reference).catch(() => undefined);
    if (file?.isFile() === true) return { kind: 'file', path: await realpath(reference) };
    throw new UnknownModelError(reference, 'no such model here or in the list, and no such file');
  }

  /**
   * Fetches a listed model, or any GGUF file by its https address. A file that is complete already is only checked.
   * @throws UnknownModelError, ModelExistsError, UnreadableModelError and the errors of `download`
   */
  async fetch(reference: string, options: FetchOptions = {}): Promise<InstalledModel> {
    const wanted = wantedFile(this.manifest, reference, options);
    const file = `${wanted.id}.gguf`;
    const earlier = await readRecord(this.directory, wanted.id);
    if (earlier?.kind === 'added') {
      throw new ModelExistsError(
        wanted.id,
        `that is the file ${earlier.file} already; give the new one another --id`,
      );
    }
    if (earlier !== undefined && isSame(earlier, wanted.expected)) {
      const here = await this.#look(earlier);
      if (here.state === 'ok') return here;
    }
    const { signal, onEvent } = options;
    let facts: ModelFacts | undefined;
    const fetched = await download(
      { url: wanted.url, directory: this.directory, file, expected: wanted.expected },
      {
        ...this.#download,
        ...(signal ? { signal } : {}),
        ...(onEvent ? { onEvent } : {}),
        inspect: async (target) => {
          facts = await readModelFacts(target, signal).catch((error: unknown) => {
            if (!(error instanceof UnreadableModelError)) throw error;
            // The user knows the address, not where the parts lie.
            throw new UnreadableModelError(wanted.url, error.defect, error.detail);
          });
        },
      },
    );
    return this.#keep({
      id: wanted.id,
      kind: 'fetched',
      file,
      sha256: fetched.sha256,
      verified: fetched.verified,
      url: wanted.url,
      ...described(facts, wanted),
    });
  }

  /**
   * Takes a file that is on this machine already; it stays where it is.
   * @throws ModelExistsError, UnreadableModelError, the system's errors; the signal's reason once aborted
   */
  async add(
    file: string,
    options: Omit<FetchOptions, 'sha256' | 'onEvent'> & { readonly onBytes?: (bytes: number) => void } = {},
  ): Promise<InstalledModel> {
    const target = await realpath(file);
    const id = parseId(options.id ?? idFromFile(target));
    const earlier = await readRecord(this.directory, id);
    if (earlier !== undefined && path.resolve(this.directory, earlier.file) !== target) {
      throw new ModelExistsError(id, `that is ${earlier.file} already; give this file another --id`);
    }
    const { signal, onBytes } = options;
    const facts = await readModelFacts(target, signal);
    const sha256 = await sha256Of(target, { ...(signal ? { signal } : {}), ...(onBytes ? { onBytes } : {}) });
    const kind = earlier?.kind ?? 'added';
    return this.#keep({
      id,
      kind,
      file: kind === 'added' ? target : path.basename(target),
      sha256,
      verified: false,
      ...described(facts, options),
    });
  }

  /**
   * Forgets a model; its file is deleted if it was fetched, and stays if it was added.
   * @throws UnknownModelError
   */
  async remove(reference: string): Promise<ModelRecord> {
    const resolved = await this.resolve(reference);
    if (resolved.kind !== 'installed') throw new UnknownModelError(reference, 'no such model is here');
    const { record, path: file } = resolved.model;
    // In this order a crash leaves a file that can be fetched again, never a record of nothing.
    await removeRecord(this.directory, record.id);
    if (record.kind === 'fetched') {
      await rm(file, { force: true });
      await Partial.discardAbandoned(this.directory, record.file);
    }
    return record;
  }

  async #keep(
    known: Omit<ModelRecord, 'version' | 'bytes' | 'modifiedMs' | 'addedAt'>,
  ): Promise<InstalledModel> {
    const { size, mtimeMs } = await stat(path.resolve(this.directory, known.file));
    const record: ModelRecord = {
      version: 1,
      ...known,
      bytes: size,
      modifiedMs: mtimeMs,
      addedAt: Date.now(),
    };
    await writeRecord(this.directory, record);
    return this.#look(record);
  }

  async #look(record: ModelRecord): Promise<InstalledModel> {
    const target = path.resolve(this.directory, record.file);
    const found = await stat(target).catch(() => undefined);
    const same = found?.size === record.bytes && found.mtimeMs === record.modifiedMs;
    return { record, path: target, state: found?.isFile() !== true ? 'missing' : same ? 'ok' : 'changed' };
  }
}

const isSame = ({ sha256, bytes }: ModelRecord, expected: Expected): boolean =>
  (expected.sha256 ?? sha256) === sha256 && (expected.bytes ?? bytes) === bytes;

function described(
  facts: ModelFacts | undefined,
  known: { readonly promptFamily?: string | undefined; readonly licence?: string },
): Pick<ModelRecord, 'name' | 'quantisation' | 'promptFamily' | 'licence'> {
  const licence = known.licence ?? facts?.licence;
  return {
    ...(facts?.name === undefined ? {} : { name: facts.name.slice(0, 500) }),
    ...(facts === undefined ? {} : { quantisation: facts.quantisation }),
    ...(known.promptFamily === undefined ? {} : { promptFamily: known.promptFamily }),
    ...(licence === undefined ? {} : { licence: licence.slice(0, 200) }),
  };
}
