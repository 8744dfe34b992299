import { execFile } from 'node:child_process';
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { openBank, type BankEvent } from '../memory/index.ts';
import { errorInWords, whyUnwritable } from '../process/index.ts';
import { makeStatement } from '../record/index.ts';
import { StatementBoard } from '../statement/index.ts';
import { bankNotice, type Notice } from './bank-notice.ts';
import { EMBEDDED_ENVIRONMENT, isEmbeddedLeanPrepared, openEmbeddedLean } from './embedded-lean.ts';
import { models } from './diagnose-models.ts';
import { network } from './diagnose-network.ts';
import { nativeLean, sandbox } from './diagnose-native.ts';
import type { Finding } from './finding.ts';
import { DamagedIdentityError, readIdentity } from './identity-file.ts';
import type { Locations } from './locations.ts';

const run = promisify(execFile);
const MIN_NODE = 24;
const LEAN_MEMORY_GB = 2;
const MIN_FREE_GB = 2;
const COMMAND_TIMEOUT_MS = 10_000;
const ELSEWHERE = 'choose another data directory with --data';

/** Looks at this machine and tries what matters; yields findings as they are made. Contacts nobody but the node that runs here. */
export async function* diagnose(locations: Locations, signal?: AbortSignal): AsyncGenerator<Finding> {
  yield nodeVersion();
  yield machine();
  yield await embeddedLean(locations, signal);
  yield await nativeLean(locations, signal);
  yield await sandbox(signal);
  yield await gpu();
  yield await models(locations);
  yield await directory('data directory', locations.data, ELSEWHERE);
  yield await directory('cache directory', locations.cache, 'set PROOFSWARM_CACHE to another directory');
  yield await identity(locations);
  yield await bank(locations);
  yield await board(locations);
  yield await network(locations);
}

function nodeVersion(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  const detail = `Node ${process.versions.node} on ${process.platform} ${process.arch}`;
  return major >= MIN_NODE
    ? { topic: 'node', state: 'ok', detail }
    : { topic: 'node', state: 'problem', detail, remedy: 'run npm ci: it installs the pinned Node' };
}

function machine(): Finding {
  // What the container has, where the program runs in one.
  const total = Math.min(os.totalmem(), process.constrainedMemory() || Infinity) / 1e9;
  const free = process.availableMemory() / 1e9;
  const detail = `${os.availableParallelism()} cores, ${total.toFixed(1)} GB of memory (${free.toFixed(1)} GB free)`;
  return free >= LEAN_MEMORY_GB
    ? { topic: 'machine', state: 'ok', detail }
    : {
        topic: 'machine',
        state: 'problem',
        detail,
        remedy: `the embedded Lean takes some ${LEAN_MEMORY_GB} GB; close other programs`,
      };
}

/** Proves something: the one test that counts. */
async function embeddedLean(locations: Locations, signal?: AbortSignal): Promise<Finding> {
  const topic = 'embedded Lean';
  try {
    const prepared = await isEmbeddedLeanPrepared(locations);
    await using checker = await openEmbeddedLean({ locations, jobs: 1, ...(signal ? { signal } : {}) });
    const started = performance.now();
    await checker.warmUp();
    const ready = (performance.now() - started) / 1000;
    const statement = makeStatement({
      environment: EMBEDDED_ENVIRONMENT,
      header: '',
      formal: 'theorem check (a b : Nat) : a + b = b + a',
      name: 'check',
    });
    const { verdict } = await checker.check(statement, `${statement.formal} := by omega`);
    if (verdict.kind !== 'proved') {
      return {
        topic,
        state: 'problem',
        detail: `it did not accept an easy proof: ${verdict.kind}`,
        remedy: 'report this',
      };
    }
    const detail = `Lean ${EMBEDDED_ENVIRONMENT.lean}, ready in ${ready.toFixed(1)} s, proves and checks${prepared ? '' : '; prepared just now'}`;
    return { topic, state: 'ok', detail };
  } catch (error) {
    const remedy = 'run npm ci; if it stays, remove the cache directory and try again';
    return { topic, state: 'problem', detail: errorInWords(error), remedy };
  }
}

async function gpu(): Promise<Finding> {
  const topic = 'gpu';
  try {
    const { stdout } = await run('nvidia-smi', ['--query-gpu=name,memory.total', '--format=csv,noheader'], {
      timeout: COMMAND_TIMEOUT_MS,
    });
    return {
      topic,
      state: 'note',
      detail: `${stdout.trim().split('\n').join('; ')} (used by --policy llama and mixed)`,
    };
  } catch {
    return { topic, state: 'note', detail: 'none found; the portfolio policy needs none' };
  }
}

async function directory(topic: string, location: string, elsewhere: string): Promise<Finding> {
  try {
    await mkdir(location, { recursive: true });
    await access(location, constants.W_OK);
    const { bavail, bsize } = await statfs(location);
    const free = (bavail * bsize) / 1e9;
    const detail = `${path.resolve(location)}, ${free.toFixed(1)} GB free`;
    return free >= MIN_FREE_GB
      ? { topic, state: 'ok', detail }
      : { topic, state: 'problem', detail, remedy: `free some space: at least ${MIN_FREE_GB} GB` };
  } catch (error) {
    const detail = `${path.resolve(location)}: ${whyUnwritable(error)}`;
    return { topic, state: 'problem', detail, remedy: elsewhere };
  }
}

async function identity(locations: Locations): Promise<Finding> {
  const topic = 'identity';
  try {
    const found = await readIdentity(locations.data);
    return found === undefined
      ? { topic, state: 'note', detail: 'none yet; a key is made with the first run' }
      : { topic, state: 'ok', detail: found.peer };
  } catch (error) {
    const remedy =
      error instanceof DamagedIdentityError
        ? 'put a copy of identity.key back, or move it away to get a new identity'
        : ELSEWHERE;
    return { topic, state: 'problem', detail: errorInWords(error), remedy };
  }
}

async function board(locations: Locations): Promise<Finding> {
  const topic = 'statements';
  try {
    const { size, damagedLines, file } = await StatementBoard.open(path.join(locations.data, 'statements'));
    if (damagedLines.length === 0) return { topic, state: 'ok', detail: `${size} imported` };
    const detail = `${size} imported; damaged lines in ${file}: ${damagedLines.slice(0, 5).join(', ')}`;
    return { topic, state: 'note', detail, remedy: 'import their statements again' };
  } catch (error) {
    return { topic, state: 'problem', detail: errorInWords(error), remedy: ELSEWHERE };
  }
}

async function bank(locations: Locations): Promise<Finding> {
  const topic = 'bank';
  try {
    const notices: Notice[] = [];
    const onEvent = (event: BankEvent): void => {
      const notice = bankNotice(event);
      if (notice !== undefined) notices.push(notice);
    };
    await using opened = await openBank({ directory: path.join(locations.data, 'bank'), onEvent });
    const { proofs, statements, attempts } = await opened.stats();
    const held = `${proofs} proofs of ${statements} statements, ${attempts} attempts`;
    if (notices.length === 0) return { topic, state: 'ok', detail: held };
    const told = notices.map(({ title, detail = '' }) => `${title}: ${detail}`).join(' ');
    return { topic, state: 'note', detail: `${held}. ${told}` };
  } catch (error) {
    return { topic, state: 'problem', detail: errorInWords(error), remedy: ELSEWHERE };
  }
}
