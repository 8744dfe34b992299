/**
 * Models as GGUF files: a list of recommended ones, fetching and keeping them, what is in a file, and what memory it
 * takes.
 *
 * @example
 * const library = new ModelLibrary({ directory, manifest: await readManifest(file) });
 * const { path } = await library.fetch('goedel-prover-v2-8b:Q4_K_M', { signal, onEvent });
 * const size = sizeOfFile(await readModelFacts(path));
 * place(size, { contextSize: 8192, slots: 4, cacheType: 'f16' }, await measureMemory(askCardsWithNode(worker)));
 */
export * from './download/errors.ts';
export type { DownloadEvent } from './download/index.ts';
export * from './errors.ts';
export {
  CACHE_TYPES,
  cacheBytes,
  need,
  place,
  remedies,
  type CacheType,
  type Load,
  type Memory,
  type Need,
  type Placement,
  type Remedy,
} from './estimate.ts';
export { readModelFacts, UnreadableModelError, type GgufDefect, type ModelFacts } from './gguf/index.ts';
export {
  ModelLibrary,
  type FetchOptions,
  type InstalledModel,
  type LibraryInit,
  type Resolved,
} from './library.ts';
export { askCardsWithNode, measureMemory, type AskCards } from './machine/memory.ts';
export { listedFiles, readManifest, type ListedFile, type ListedModel, type Manifest } from './manifest.ts';
export type { ModelRecord } from './record.ts';
export { sizeOfFile, sizeOfListed, type ModelSize } from './size.ts';
