import { z } from 'zod';
import { bankCountsSchema, bankExportSchema, bankImportSchema } from './areas/bank.ts';
import { donationStatusSchema } from './areas/donation.ts';
import { activitySchema, MAX_SAMPLES } from './areas/home.ts';
import { downloadSchema } from './areas/models.ts';
import { networkStatusSchema } from './areas/network.ts';
import { capabilitySchema, nodeInfoSchema, noticeViewSchema } from './areas/node.ts';
import { budgetShareSchema, sessionSchema, type AttemptRow, type Session } from './areas/prove.ts';
import { firstRunSchema, settingsSchema } from './areas/settings.ts';
import { importReportSchema } from './areas/statements.ts';
import type { ApiEvent } from './events.ts';
import { acceptanceSchema, applyInference, inferenceStateSchema, withAttempt } from './inference.ts';

/** Lists of the state never grow beyond these; `prove.list` has older sessions. */
export const STATE_LIMITS = { sessions: 50, notices: 20, imports: 10, downloads: 10, bankFiles: 5 } as const;

/** What every screen needs at hand. Long lists are not here: they are read by commands, in pages. */
export const apiStateSchema = z.object({
  node: nodeInfoSchema,
  capabilities: z.array(capabilitySchema).max(50),
  notices: z.array(noticeViewSchema).max(STATE_LIMITS.notices),
  donation: donationStatusSchema,
  activity: activitySchema,
  /** Newest first; all that are under way are among them. */
  sessions: z.array(sessionSchema).max(STATE_LIMITS.sessions),
  statements: z.object({ total: z.int().nonnegative() }),
  imports: z.array(importReportSchema).max(STATE_LIMITS.imports),
  bank: bankCountsSchema,
  bankImports: z.array(bankImportSchema).max(STATE_LIMITS.bankFiles).default([]),
  bankExports: z.array(bankExportSchema).max(STATE_LIMITS.bankFiles).default([]),
  network: networkStatusSchema,
  downloads: z.array(downloadSchema).max(STATE_LIMITS.downloads),
  /** The language model at work. */
  inference: inferenceStateSchema.default({ phase: 'off' }),
  acceptance: acceptanceSchema.default([]),
  /** How the mixed policy divides budgets now; empty where no model is chosen. */
  budget: z.array(budgetShareSchema).max(3).default([]),
  settings: settingsSchema,
  firstRun: firstRunSchema,
});
export type ApiState = z.infer<typeof apiStateSchema>;

/** The state after the event of number `seq`, of one run of the node (`epoch`). */
export const snapshotSchema = z.object({
  epoch: z.string().min(1).max(64),
  seq: z.int().nonnegative(),
  state: apiStateSchema,
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** The state after an event. Node and faces use this one function, so that they cannot come to differ. */
export function applyEvent(state: ApiState, event: ApiEvent): ApiState {
  switch (event.type) {
    case 'node:changed':
      return { ...state, node: event.node };
    case 'capabilities:changed':
      return { ...state, capabilities: event.capabilities };
    case 'notice:added':
      return { ...state, notices: upsert(state.notices, event.notice, STATE_LIMITS.notices) };
    case 'notice:dismissed':
      return { ...state, notices: state.notices.filter(({ id }) => id !== event.notice) };
    case 'donation:changed':
      return { ...state, donation: event.donation };
    case 'activity:sampled': {
      const earlier = state.activity.samples.filter(({ at }) => at !== event.sample.at);
      const samples = [...earlier, event.sample].slice(-MAX_SAMPLES);
      return { ...state, activity: { today: event.today, samples } };
    }
    case 'prove:session-changed':
      return { ...state, sessions: withSession(state.sessions, event.session) };
    case 'prove:session-removed':
      return { ...state, sessions: state.sessions.filter(({ id }) => id !== event.session) };
    case 'statements:changed':
      return { ...state, statements: { total: event.total } };
    case 'statements:import-progress':
      return { ...state, imports: upsert(state.imports, event.report, STATE_LIMITS.imports) };
    case 'bank:proof-added':
      return { ...state, bank: event.counts };
    case 'bank:import-progress':
      return { ...state, bankImports: upsert(state.bankImports, event.report, STATE_LIMITS.bankFiles) };
    case 'bank:export-progress':
      return { ...state, bankExports: upsert(state.bankExports, event.report, STATE_LIMITS.bankFiles) };
    case 'network:changed':
      return { ...state, network: event.network };
    case 'models:download-changed':
      return { ...state, downloads: upsert(state.downloads, event.download, STATE_LIMITS.downloads) };
    case 'settings:changed':
      return { ...state, settings: event.settings };
    case 'first-run:changed':
      return { ...state, firstRun: event.firstRun };
    case 'inference:estimated':
    case 'inference:loading':
    case 'inference:ready':
    case 'inference:stats':
    case 'inference:unloaded':
    case 'inference:crashed':
      return { ...state, inference: applyInference(state.inference, event) };
    case 'prove:budget-learnt':
      return { ...state, budget: event.budget };
    case 'prove:attempt-finished':
      return countAttempt(state, event);
    case 'prove:retrieved':
    case 'prove:rollout-started':
    case 'prove:round-started':
    case 'prove:check-started':
    case 'prove:reply-started':
    case 'prove:replies-grew':
    case 'prove:reply-ended':
    case 'statements:status-changed':
    case 'bank:trouble':
    case 'network:peer-changed':
    case 'network:refused':
    case 'network:curators-changed':
    case 'models:changed':
    case 'contributions:changed':
      return state;
  }
}

/** In its place where it is there, else first; the last ones give way. */
function upsert<T extends { readonly id: string }>(items: readonly T[], item: T, limit: number): T[] {
  const known = items.some(({ id }) => id === item.id);
  return known
    ? items.map((other) => (other.id === item.id ? item : other))
    : [item, ...items].slice(0, limit);
}

/** The oldest that has ended gives way, never one that is under way. */
function withSession(sessions: readonly Session[], session: Session): Session[] {
  const next = upsert(sessions, session, sessions.length + 1);
  if (next.length <= STATE_LIMITS.sessions) return next;
  const oldest = next.findLastIndex(({ state }) => state === 'ended');
  return next.filter((_, index) => index !== (oldest < 0 ? next.length - 1 : oldest));
}

function countAttempt(
  state: ApiState,
  { session: id, attempt }: { readonly session: string; readonly attempt: AttemptRow },
): ApiState {
  const sessions = state.sessions.map((session) =>
    session.id === id ? { ...session, attempts: session.attempts + 1 } : session,
  );
  // Only a language model's attempts have tokens.
  const ofModel = attempt.generatedTokens !== undefined;
  return {
    ...state,
    sessions,
    acceptance: ofModel ? withAttempt(state.acceptance, attempt) : state.acceptance,
    bank: { ...state.bank, attempts: state.bank.attempts + 1 },
  };
}
