import os from 'node:os';
import {
  MAX_ENVIRONMENTS,
  type ApiState,
  type BankCounts,
  type Capability,
  type NodeInfo,
  type NoticeView,
  type Today,
} from '../../api/index.ts';
import type { CheckerIdentity, Identity } from '../../record/index.ts';
import type { LeanHost } from '../lean-host.ts';
import { machineMemoryBytes } from '../machine.ts';
import type { MachineLeans } from '../machine-leans.ts';
import { nativeEnvironment } from '../native-lean.ts';
import type { SettingsStore } from '../settings-store.ts';
import { NETWORK_OFF } from './network-port.ts';

export interface InitialState {
  readonly version: string;
  readonly identity: Identity;
  readonly data: string;
  readonly startedAt: number;
  readonly leans: Pick<LeanHost, 'environments' | 'machine' | 'state'>;
  /** The embedded Lean. */
  readonly checker: CheckerIdentity;
  readonly settings: SettingsStore;
  readonly statements: number;
  readonly bank: BankCounts;
  readonly today: Today;
  readonly capabilities: Capability[];
  readonly notices: NoticeView[];
}

/** What a face sees of a node that has just been opened. */
export function initialState(of: InitialState): ApiState {
  return {
    node: {
      version: of.version,
      peer: of.identity.peer,
      data: of.data,
      startedAt: of.startedAt,
      environments: of.leans.environments.slice(0, MAX_ENVIRONMENTS),
      checker: of.checker,
      lean: of.leans.state,
      ...nativeLean(of.leans.machine),
      machine: {
        platform: `${process.platform} ${process.arch}`,
        cores: os.availableParallelism(),
        memoryBytes: machineMemoryBytes(),
      },
    },
    capabilities: of.capabilities,
    notices: of.notices,
    donation: {
      state: 'stopped',
      reasons: [{ kind: 'stopped' }],
      gaps: [],
      since: of.startedAt,
      awake: false,
    },
    activity: { today: of.today, samples: [] },
    sessions: [],
    statements: { total: of.statements },
    imports: [],
    bank: of.bank,
    bankImports: [],
    bankExports: [],
    network: NETWORK_OFF,
    downloads: [],
    inference: { phase: 'off' },
    acceptance: [],
    budget: [],
    settings: of.settings.settings,
    firstRun: of.settings.firstRun,
  };
}

function nativeLean({ natives, sandbox }: MachineLeans): Pick<NodeInfo, 'native'> {
  if (natives.length === 0) return {};
  return {
    native: {
      toolchains: natives.slice(0, MAX_ENVIRONMENTS).map((lean) => ({
        environment: nativeEnvironment(lean),
        source: lean.toolchain.source,
        directory: lean.toolchain.directory,
      })),
      ...(sandbox.kind === 'available' ? {} : { unconfined: sandbox.reason.slice(0, 2000) }),
    },
  };
}
