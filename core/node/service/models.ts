import { randomUUID } from 'node:crypto';
import {
  ApiError,
  type ApiEvent,
  type CommandHandlers,
  type CommandOutput,
  type DownloadView,
  type Estimate,
  type InstalledModelView,
  type ListedModelView,
  type ParsedInput,
} from '../../api/index.ts';
import {
  listedFiles,
  need,
  place,
  readModelFacts,
  remedies,
  sizeOfFile,
  sizeOfListed,
  type DownloadEvent,
  type InstalledModel,
  type Manifest,
  type Memory,
  type ModelLibrary,
  type ModelSize,
  type Remedy,
} from '../../policy/models/index.ts';
import type { SettingsStore } from '../settings-store.ts';
import { errorInWords } from '../../process/index.ts';
import { cut } from './text.ts';

export interface ModelsComponents {
  /** Opened at each use: its list may be replaced, and a damaged one must not keep the node from starting. */
  readonly library: () => Promise<ModelLibrary>;
  readonly memory: (signal: AbortSignal) => Promise<Memory>;
  readonly settings: SettingsStore;
  readonly emit: (event: ApiEvent) => void;
  readonly now: () => number;
}

type Names =
  | 'models.list'
  | 'models.estimate'
  | 'models.download'
  | 'models.cancel-download'
  | 'models.add'
  | 'models.remove'
  | 'models.use';

/** Progress is told so often at most. */
const TELL_MS = 500;
const MAX_AT_ONCE = 2;

/** The models on this machine and those that could be. */
export class ModelsArea {
  readonly #components: ModelsComponents;
  readonly #running = new Map<string, { controller: AbortController; model: string; done: Promise<void> }>();

  constructor(components: ModelsComponents) {
    this.#components = components;
  }

  handlers(): Pick<CommandHandlers, Names> {
    const { library, emit } = this.#components;
    return {
      'models.list': () => this.#list(),
      'models.estimate': async ({ model, load }, signal) => ({
        estimate: await this.#estimate(model, load, signal),
      }),
      'models.download': async ({ model }) => ({ download: await this.#download(model) }),
      'models.cancel-download': ({ download }) => {
        const running = this.#running.get(download);
        if (running === undefined) throw new ApiError('not-found', 'there is no such download under way');
        running.controller.abort(new Error('cancelled'));
        return {};
      },
      'models.add': async (input, signal) => {
        const model = await (await library()).add(input.path, { signal });
        emit({ type: 'models:changed' });
        return { model: installedView(model) };
      },
      'models.remove': async ({ model }) => {
        await (await library()).remove(model);
        emit({ type: 'models:changed' });
        return {};
      },
      'models.use': async ({ choice }) => {
        if (choice !== null) await this.#requireUsable(choice.model);
        const settings = await this.#components.settings.update({ model: choice });
        emit({ type: 'settings:changed', settings });
        return {};
      },
    };
  }

  async close(): Promise<void> {
    for (const { controller } of this.#running.values()) controller.abort(new Error('the node is stopping'));
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  async #list(): Promise<CommandOutput<'models.list'>> {
    const library = await this.#components.library();
    const { models, damaged } = await library.installed();
    return {
      installed: models.slice(0, 500).map(installedView),
      listed: listedViews(library.manifest, new Set(models.map(({ record }) => record.id))),
      damaged: damaged.slice(0, 100).map(({ message }) => cut(message, 2000)),
    };
  }

  async #estimate(
    reference: string,
    load: ParsedInput<'models.estimate'>['load'],
    signal: AbortSignal,
  ): Promise<Estimate> {
    const library = await this.#components.library();
    const resolved = await library.resolve(reference);
    const size =
      resolved.kind === 'listed'
        ? sizeOfListed(resolved.listed)
        : sizeOfFile(
            await readModelFacts(resolved.kind === 'file' ? resolved.path : resolved.model.path, signal),
          );
    const memory = await this.#components.memory(signal);
    const { ram, vram } = memory;
    return {
      need: need(size, load),
      memory: {
        ram,
        ...(vram === undefined
          ? {}
          : { vram: { total: vram.total, free: vram.free, unified: vram.unified } }),
      },
      placement: place(size, load, memory),
      remedies: remedies(size, load, memory).map((remedy) => describeRemedy(remedy, library.manifest)),
      measured: size.measured,
    };
  }

  async #download(reference: string): Promise<DownloadView> {
    const library = await this.#components.library();
    const resolved = await library.resolve(reference);
    if (resolved.kind !== 'listed') throw new ApiError('conflict', `${reference} is on this machine already`);
    const { id, file } = resolved.listed;
    if ([...this.#running.values()].some(({ model }) => model === id)) {
      throw new ApiError('conflict', `${id} is being downloaded already`);
    }
    if (this.#running.size >= MAX_AT_ONCE) throw new ApiError('busy', 'other models are being downloaded');
    const view: DownloadView = {
      id: randomUUID(),
      model: id,
      state: 'running',
      bytes: 0,
      bytesPerSecond: 0,
      ...(file.bytes === undefined ? {} : { total: file.bytes }),
    };
    const controller = new AbortController();
    const done = this.#fetch(library, view, controller.signal);
    this.#running.set(view.id, { controller, model: id, done });
    return view;
  }

  async #fetch(library: ModelLibrary, first: DownloadView, signal: AbortSignal): Promise<void> {
    const { emit, now } = this.#components;
    const progress = new Progress(first, now, (download) =>
      emit({ type: 'models:download-changed', download }),
    );
    // The answer to the command goes out before the first event about it.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      await library.fetch(first.model, { signal, onEvent: (event) => progress.hear(event) });
      progress.end({ state: 'done' });
      emit({ type: 'models:changed' });
    } catch (error) {
      if (signal.aborted) progress.end({ state: 'cancelled' });
      else progress.end({ state: 'failed', detail: cut(errorInWords(error), 2000) });
    } finally {
      this.#running.delete(first.id);
    }
  }

  /** What cannot be read now would only be found out in the middle of a run. */
  async #requireUsable(reference: string): Promise<void> {
    const resolved = await (await this.#components.library()).resolve(reference);
    if (resolved.kind === 'listed') {
      throw new ApiError('conflict', `${reference} is not on this machine yet; download it first`);
    }
    await readModelFacts(resolved.kind === 'file' ? resolved.path : resolved.model.path);
  }
}

/** A download as it is told: not more often than eyes can follow, the speed over the last intervals. */
class Progress {
  readonly #now: () => number;
  readonly #tell: (view: DownloadView) => void;
  #view: DownloadView;
  #toldAt: number;

  constructor(view: DownloadView, now: () => number, tell: (view: DownloadView) => void) {
    this.#view = view;
    this.#now = now;
    this.#tell = tell;
    this.#toldAt = now();
  }

  hear(event: DownloadEvent): void {
    switch (event.type) {
      case 'model-download:started':
        this.#view = { ...this.#view, bytes: event.have, total: event.bytes };
        this.#tell(this.#view);
        return;
      case 'model-download:progress': {
        const seconds = (this.#now() - this.#toldAt) / 1000;
        if (seconds * 1000 < TELL_MS) return;
        const speed = Math.max(0, event.have - this.#view.bytes) / seconds;
        const before = this.#view.bytesPerSecond;
        const bytesPerSecond = before === 0 ? speed : 0.7 * before + 0.3 * speed;
        this.#toldAt = this.#now();
        this.#view = { ...this.#view, bytes: event.have, total: event.bytes, bytesPerSecond };
        this.#tell(this.#view);
        return;
      }
      case 'model-download:retrying':
        this.#tell({ ...this.#view, bytesPerSecond: 0, detail: cut(event.error.message, 2000) });
        return;
      case 'model-download:verifying':
      case 'model-download:restarted':
    }
  }

  end(how: Pick<DownloadView, 'state' | 'detail'>): void {
    const bytes = how.state === 'done' ? (this.#view.total ?? this.#view.bytes) : this.#view.bytes;
    this.#tell({ ...this.#view, bytes, bytesPerSecond: 0, ...how });
  }
}

function installedView({ record, path, state }: InstalledModel): InstalledModelView {
  return {
    id: record.id,
    name: record.name ?? record.id,
    path,
    bytes: record.bytes,
    state,
    verified: record.verified,
    fetched: record.kind === 'fetched',
    addedAt: record.addedAt,
    ...(record.quantisation === undefined ? {} : { quantisation: record.quantisation }),
    ...(record.promptFamily === undefined ? {} : { promptFamily: record.promptFamily }),
    ...(record.licence === undefined ? {} : { licence: record.licence }),
  };
}

function listedViews(manifest: Manifest, installed: ReadonlySet<string>): ListedModelView[] {
  const files = listedFiles(manifest);
  return manifest.models.slice(0, 500).map((model) => ({
    id: model.id,
    name: model.name,
    description: cut(model.description, 4000),
    licence: model.licence,
    contextLength: model.contextLength,
    ...(model.note === undefined ? {} : { note: cut(model.note, 2000) }),
    unconfirmed: [...model.unconfirmed],
    files: files
      .filter((listed) => listed.model === model)
      .slice(0, 50)
      .map((listed) => ({
        id: listed.id,
        quantisation: listed.file.quantisation,
        bytes: sizeOfListed(listed).weightBytes,
        estimated: listed.file.bytes === undefined,
        installed: installed.has(listed.id),
      })),
  }));
}

function describeRemedy(remedy: Remedy, manifest: Manifest): string {
  switch (remedy.kind) {
    case 'slots':
      return `run ${remedy.slots} rollouts at one time`;
    case 'context':
      return `use a context of ${remedy.contextSize} tokens`;
    case 'both':
      return `run one rollout at a time with a context of ${remedy.contextSize} tokens`;
    case 'smaller-file': {
      const weights = (size: ModelSize): number => size.weightBytes;
      const fitting = listedFiles(manifest)
        .filter((listed) => weights(sizeOfListed(listed)) <= remedy.bytes)
        .toSorted((a, b) => weights(sizeOfListed(b)) - weights(sizeOfListed(a)))
        .slice(0, 3)
        .map(({ id }) => id);
      const such = fitting.length === 0 ? '' : `, such as ${fitting.join(', ')}`;
      return `use a file of at most ${(remedy.bytes / 1e9).toFixed(1)} GB${such}`;
    }
  }
}
