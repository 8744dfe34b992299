import os from 'node:os';
import type { ApiState, BankCounts, Capability, LeanState, NoticeView, Today } from '../../api/index.ts';
import type { CheckerIdentity, Environment, Identity } from '../../record/index.ts';
import { machineMemoryBytes } from '../machine.ts';
import type { SettingsStore } from '../settings-store.ts';
import { NETWORK_OFF } from './network-port.ts';

export interface InitialState {
  readonly version: string;
  readonly identity: Identity;
  readonly data: string;
  readonly startedAt: number;
  readonly environment: Environment;
  readonly checker: CheckerIdentity;
  readonly lean: LeanState;
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
      environments: [of.environment],
      checker: of.checker,
      lean: of.lean,
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
    network: NETWORK_OFF,
    downloads: [],
    inference: { phase: 'off' },
    settings: of.settings.settings,
    firstRun: of.settings.firstRun,
  };
}
