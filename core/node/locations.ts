import path from 'node:path';
import envPaths from 'env-paths';

/** Where the program's own files lie. Stages get these as plain paths. */
export interface Installation {
  /** The package's root: the worker processes' code and node_modules are below it. */
  readonly root: string;
  readonly leanWorker: string;
  /** The programs in Lean that a native Lean runs. */
  readonly nativePrograms: { readonly elaborate: string; readonly replay: string };
  readonly starterPack: string;
  /** The list of models that can be fetched. */
  readonly modelManifest: string;
  /** Forms that small models are held to, as GBNF. */
  readonly grammars: string;
  /** The process that asks llama.cpp for this machine's cards. */
  readonly cardsWorker: string;
}

/** Where what belongs to the user lies. */
export interface Locations {
  /** The bank, the identity, imported statements: what must not be lost. */
  readonly data: string;
  /** What can be made again, such as the prepared embedded Lean. */
  readonly cache: string;
}

const root = path.resolve(import.meta.dirname, '../..');
/** Other programs cannot look into the desktop app's archive: what they read lies beside it. */
const unpacked = root.replace(/app\.asar(?=[\\/]|$)/, 'app.asar.unpacked');

export const installation: Installation = {
  root,
  leanWorker: path.join(root, 'lean-bundle/wasm/worker.ts'),
  nativePrograms: {
    elaborate: path.join(unpacked, 'lean-bundle/native/Elaborate.lean'),
    replay: path.join(unpacked, 'lean-bundle/native/Replay.lean'),
  },
  starterPack: path.join(root, 'resources/statements/starter.jsonl'),
  modelManifest: path.join(root, 'resources/models.json'),
  grammars: path.join(root, 'resources/grammars'),
  cardsWorker: path.join(root, 'core/policy/models/machine/worker.ts'),
};

/**
 * The user's directories: the platform's own conventions, which `PROOFSWARM_DATA` and `PROOFSWARM_CACHE` override.
 * @param data as given on the command line; comes first
 */
export function locate(data?: string, env: NodeJS.ProcessEnv = process.env): Locations {
  const paths = envPaths('proofswarm', { suffix: '' });
  return {
    data: path.resolve(given(data) ?? given(env['PROOFSWARM_DATA']) ?? paths.data),
    cache: path.resolve(given(env['PROOFSWARM_CACHE']) ?? paths.cache),
  };
}

/** An empty text, as an unset shell variable leaves it, would mean the working directory. */
const given = (directory: string | undefined): string | undefined =>
  directory === '' ? undefined : directory;
