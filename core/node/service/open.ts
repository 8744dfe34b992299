import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { LeanSpawner } from '../../lean/index.ts';
import { openBank, type Bank, type BankEvent, type OpenBankOptions } from '../../memory/index.ts';
import type { InferenceSpawner } from '../../policy/llama/index.ts';
import type { AskCards } from '../../policy/models/index.ts';
import { StatementBoard } from '../../statement/index.ts';
import { bankNotice, type Notice } from '../bank-notice.ts';
import { claimDataDirectory } from '../data-claim.ts';
import { diskOnlySensors, linuxSensors, systemClock, type Clock, type Sensors } from '../donation/index.ts';
import { ClaimedShelf } from '../claimed/index.ts';
import { ComputeLog, ComputeMeter, OwnProfile, ProfileBook } from '../contributors/index.ts';
import { loadIdentity } from '../identity-file.ts';
import { LeanHost } from '../lean-host.ts';
import { installation, type Locations } from '../locations.ts';
import { defaultJobs } from '../machine.ts';
import { findMachineLeans, type MachineLeans } from '../machine-leans.ts';
import { machineMemory } from '../models.ts';
import { PolicyShelf } from '../policies.ts';
import { SettingsStore } from '../settings-store.ts';
import { errorInWords } from '../../process/index.ts';
import { inferenceRelay } from './inference-relay.ts';
import { ProofIndex } from './proof-index.ts';
import type { NodeServiceComponents } from './components.ts';
import { NodeService } from './service.ts';
import { UseLog } from './use-log.ts';
import { WatchList } from './watch-list.ts';

export interface OpenNodeOptions {
  readonly locations: Locations;
  /** How processes are started; with Node unless set. */
  readonly spawnLean?: LeanSpawner;
  readonly spawnInference?: InferenceSpawner;
  /** The native Leans of this machine; looked for unless given. */
  readonly nativeLeans?: MachineLeans;
  readonly askCards?: AskCards;
  /** The desktop app's, which knows more of who uses the machine. */
  readonly sensors?: (settings: SettingsStore) => Sensors;
  readonly keepAwake?: (awake: boolean) => void;
  readonly clock?: Clock;
  /** `openBank` unless set; or `openBankApart`, where memory counts more than the first answer after a rest. */
  readonly openBank?: (options: Pick<OpenBankOptions, 'directory' | 'onEvent'>) => Promise<Bank>;
  /** Whether the swarm is joined where the settings do not say; it is not, unless set. */
  readonly joinUnlessSet?: boolean;
}

/** A node that is open: its service for the faces, and the parts that the swarm is joined with. */
export interface OpenNode extends AsyncDisposable {
  readonly service: NodeService;
  readonly parts: NodeServiceComponents;
}

/**
 * Opens what is in a data directory and makes a node of it; Lean is prepared at the first need. Only one process can
 * run a node in a directory, though others may read and add proofs meanwhile.
 * @throws NodeRunningError, DamagedIdentityError, and the bank's errors
 */
export async function openNode(options: OpenNodeOptions): Promise<OpenNode> {
  const claim = await claimDataDirectory(options.locations.data);
  try {
    return await openClaimed(options, claim);
  } catch (error) {
    await claim[Symbol.asyncDispose]();
    throw error;
  }
}

async function openClaimed(options: OpenNodeOptions, claim: AsyncDisposable): Promise<OpenNode> {
  const { locations } = options;
  const notices: Notice[] = [];
  const identity = await loadIdentity(locations.data);
  const settings = await SettingsStore.open(locations.data, {
    joinUnlessSet: options.joinUnlessSet ?? false,
  });
  if (settings.defect !== undefined) notices.push(ofSettings(settings.defect));
  const board = await StatementBoard.open(path.join(locations.data, 'statements'));
  if (board.damagedLines.length > 0) notices.push(ofBoard(board));
  let service: NodeService | undefined;
  const hear = (event: BankEvent): void => {
    const notice = bankNotice(event);
    if (notice === undefined) return;
    if (service === undefined) notices.push(notice);
    else service.notify(notice);
  };
  const onFault = (error: unknown): void => {
    service?.hub.emit({ type: 'bank:trouble', detail: errorInWords(error).slice(0, 2000) });
  };
  const [bank, machine] = await Promise.all([
    (options.openBank ?? openBank)({ directory: path.join(locations.data, 'bank'), onEvent: hear }),
    options.nativeLeans ?? nativeLeansOf(settings, locations),
  ]);
  if (machine.problem !== undefined) notices.push(ofToolchain(machine.problem));
  const jobs = settings.settings.lean.jobs ?? defaultJobs();
  const compute = new ComputeMeter({
    log: await ComputeLog.open(locations.data, (detail) =>
      notices.push({ severity: 'warning', title: 'The hours given could not be read', detail }),
    ),
    leanJobs: jobs,
    now: () => (options.clock ?? systemClock).now(),
    onSaved: () => service?.hub.emit({ type: 'contributions:changed' }),
    onFault,
  });
  const lean = new LeanHost(
    {
      locations,
      jobs,
      machine,
      busy: compute.lean,
      ...(options.spawnLean === undefined ? {} : { spawn: options.spawnLean }),
    },
    (state) => {
      if (service === undefined) return;
      service.hub.emit({ type: 'node:changed', node: { ...service.hub.state.node, lean: state } });
    },
  );
  const policies = new PolicyShelf({
    locations,
    choice: () => settings.settings.model,
    limits: () => settings.settings.donation.limits,
    leanJobs: () => jobs,
    onInference: inferenceRelay((event) => service?.hub.emit(event)),
    onEngine: compute.follow,
    onNotice: (detail) =>
      service?.notify({ severity: 'warning', title: 'What the mixed policy learnt', detail }),
    ...(options.spawnInference === undefined ? {} : { spawn: options.spawnInference }),
  });
  let shelf: ClaimedShelf | undefined;
  try {
    const claimed = await ClaimedShelf.open(path.join(locations.data, 'swarm'));
    shelf = claimed;
    const proofs = await ProofIndex.load(identity.peer, bank.entries());
    const { attempts } = await bank.effort();
    const book = await ProfileBook.open(path.join(locations.data, 'swarm'), {
      own: identity.peer,
      proofsOf: (peer) => proofs.countOf(peer),
      now: Date.now,
      onFault,
    });
    const profile = await OwnProfile.open(locations.data, {
      identity,
      book,
      hours: () => compute.log.total,
      now: Date.now,
    });
    const parts: NodeServiceComponents = {
      identity,
      bank,
      board,
      settings,
      proofs,
      shelf: claimed,
      watched: await WatchList.open(locations.data),
      uses: new UseLog(locations.data),
      contributors: { book, profile, compute },
      lean,
      policies,
      memory: (signal) => machineMemory(signal, options.askCards),
      sensors: (options.sensors ?? ownSensors(locations))(settings),
      ...(options.keepAwake === undefined ? {} : { keepAwake: options.keepAwake }),
      ...(options.clock === undefined ? {} : { clock: options.clock }),
    };
    const opened = new NodeService(parts, { version: packageVersion(), locations, notices, attempts });
    service = opened;
    return {
      service: opened,
      parts,
      async [Symbol.asyncDispose]() {
        // Lean is ended beside: a check that is under way need not be waited for.
        await Promise.all([opened.close(), lean.dispose(), policies.dispose()]);
        await Promise.all([claimed.close(), book.close(), compute.close()]);
        await bank.close();
        await claim[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await Promise.all([shelf?.close(), compute.close()]);
    await bank.close();
    throw error;
  }
}

/** However many toolchains a machine has, and however slow they answer, a node starts. */
const LOOKING_MS = 20_000;

function nativeLeansOf({ settings }: SettingsStore, locations: Locations): Promise<MachineLeans> {
  const { toolchain } = settings.lean;
  return findMachineLeans({ locations, toolchain, signal: AbortSignal.timeout(LOOKING_MS) });
}

/** What can be told without a desktop. */
const ownSensors =
  ({ data }: Locations) =>
  (settings: SettingsStore): Sensors => {
    const init = { data, limited: () => settings.settings.donation.limits.diskBytes !== undefined };
    return process.platform === 'linux' ? linuxSensors(init) : diskOnlySensors(init);
  };

function ofSettings({ file, detail, keptAs }: NonNullable<SettingsStore['defect']>): Notice {
  return {
    severity: 'warning',
    title: 'The settings could not be read',
    detail: `${file}: ${detail}. Defaults hold instead; the file is kept as ${keptAs} before it is written anew.`,
  };
}

const ofToolchain = (problem: string): Notice => ({
  severity: 'warning',
  title: 'The Lean toolchain that the settings name cannot be used',
  detail: `${problem}. Statements of its version are judged by another of the same version, or not at all.`,
});

function ofBoard({ file, damagedLines }: StatementBoard): Notice {
  return {
    severity: 'warning',
    title: 'Some statements could not be read',
    detail: `${file}: damaged lines ${damagedLines.slice(0, 5).join(', ')}. Import their statements again.`,
  };
}

function packageVersion(): string {
  const text = readFileSync(path.join(installation.root, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
