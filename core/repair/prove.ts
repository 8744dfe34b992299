import type { Premise, Statement } from '../record/index.ts';
import { Search, type RolloutEnd } from './search.ts';
import { repairSettingsSchema, type RepairSettings, type RepairSettingsInput } from './settings.ts';
import { Stop, StoppedError } from './stop.ts';
import type {
  ProveOptions,
  RepairComponents,
  RepairEvent,
  RepairOutcome,
  RepairReason,
  Retriever,
} from './types.ts';

/**
 * OProver's repair loop on one statement: rollouts of up to so many rounds, each round shown what Lean said of the
 * last, until a proof is found or the budget is spent. Always returns the trajectory so far, also when cancelled.
 * @throws ZodError where a setting is out of range; nothing else.
 */
export async function prove(
  statement: Statement,
  components: RepairComponents,
  settings: RepairSettingsInput = {},
  options: ProveOptions = {},
): Promise<RepairOutcome> {
  const started = performance.now();
  const parsed = repairSettingsSchema.parse(settings);
  const emit = (event: RepairEvent): void => options.onEvent?.(event);
  const stop = new Stop(parsed.seconds, options.signal);
  try {
    emit({ type: 'repair:started', statement });
    const premises = await retrieve(statement, components.retriever, parsed, stop, emit);
    const search = new Search(statement, components, parsed, { stop, premises, emit });
    await search.run();
    if (stop.reason !== 'cancelled') await unlessAborted(search.flush(), options.signal);
    const { proof } = search;
    const outcome: RepairOutcome = {
      solved: proof !== undefined,
      reason: proof === undefined ? (stop.reason ?? endOf(search.ends)) : 'proved',
      ...(proof === undefined ? {} : { proof }),
      ...search.reached,
      attempts: search.attempts,
      checks: search.checks,
      retrieved: premises.map((premise) => premise.id),
      seconds: (performance.now() - started) / 1000,
      ...(stop.detail === undefined ? {} : { detail: stop.detail }),
    };
    emit({ type: 'repair:finished', statement, outcome });
    return outcome;
  } finally {
    stop.dispose();
  }
}

/** Retrieval helps but is not needed: without it the search goes on with no premises. */
async function retrieve(
  statement: Statement,
  retriever: Retriever | undefined,
  settings: RepairSettings,
  stop: Stop,
  emit: (event: RepairEvent) => void,
): Promise<readonly Premise[]> {
  const k = settings.retrieve;
  if (retriever === undefined || k === 0) return [];
  try {
    const found = await stop.race(() => retriever.retrieve(statement, k, { signal: stop.signal }));
    const premises = found.slice(0, k);
    emit({ type: 'repair:retrieved', premises });
    return premises;
  } catch (error) {
    if (!(error instanceof StoppedError)) emit({ type: 'repair:retrieval-failed', error });
    return [];
  }
}

function endOf(ends: readonly RolloutEnd[]): RepairReason {
  if (ends.includes('checks')) return 'checks';
  return ends.includes('rounds') ? 'rounds' : 'policy-exhausted';
}

/** A sink that never answers must not keep a cancelled search from returning. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  if (signal.aborted) return;
  let abandon = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    abandon = resolve;
    signal.addEventListener('abort', abandon, { once: true });
  });
  await Promise.race([work, aborted]);
  signal.removeEventListener('abort', abandon);
}
