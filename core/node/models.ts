import path from 'node:path';
import {
  askCardsWithNode,
  measureMemory,
  ModelLibrary,
  readManifest,
  type AskCards,
  type LibraryInit,
  type Memory,
} from '../policy/models/index.ts';
import { installation, type Locations } from './locations.ts';

/**
 * The models of a data directory, and the list of those that can be fetched; `PROOFSWARM_MODELS` names another list.
 * @throws DamagedFileError where the list is none
 */
export async function openModelLibrary(
  locations: Pick<Locations, 'data'>,
  how: Pick<LibraryInit, 'download'> = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<ModelLibrary> {
  const manifest = await readManifest(listFile(env));
  return new ModelLibrary({ directory: path.join(locations.data, 'models'), manifest, ...how });
}

/** What memory is free for models now. @throws the signal's reason once aborted */
export function machineMemory(
  signal?: AbortSignal,
  ask: AskCards = askCardsWithNode(installation.cardsWorker),
): Promise<Memory> {
  return measureMemory(ask, signal);
}

/** Empty, as an unset shell variable leaves it, it names nothing. */
function listFile(env: NodeJS.ProcessEnv): string {
  const named = env['PROOFSWARM_MODELS'] ?? '';
  return named === '' ? installation.modelManifest : named;
}
