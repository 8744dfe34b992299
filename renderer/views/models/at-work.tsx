import type { Acceptance, InferenceState } from '../../../core/api/index.ts';
import { bytes, plural } from '../../components/format.ts';
import { useNodeState } from '../../store/hooks.ts';

/** The language model that is at work: where it runs, how fast, and whether it waits for Lean. */
export function ModelAtWork() {
  const inference = useNodeState((state) => state.inference);
  const acceptance = useNodeState((state) => state.acceptance);
  if (inference.phase === 'off') return null;
  return (
    <section className="stack" aria-labelledby="at-work">
      <h2 id="at-work">At work</h2>
      <p>{headline(inference)}</p>
      <Figures inference={inference} acceptance={acceptance} />
    </section>
  );
}

/** The first try and so many repairs; what comes later is one row. */
const ROUNDS_SHOWN = 4;

function acceptedByRound(acceptance: Acceptance): [string, string][] {
  const early = acceptance.filter(({ round }) => round < ROUNDS_SHOWN);
  const late = acceptance.filter(({ round }) => round >= ROUNDS_SHOWN);
  const rows = early.map(({ round, attempts, accepted }): [string, string] => [
    round === 0 ? 'Accepted at the first try' : `After ${plural(round, 'repair')}`,
    `${accepted} of ${attempts}`,
  ]);
  if (late.length === 0) return rows;
  const sum = (of: (entry: Acceptance[number]) => number): number =>
    late.reduce((total, entry) => total + of(entry), 0);
  const text = `${sum(({ accepted }) => accepted)} of ${sum(({ attempts }) => attempts)}`;
  return [...rows, ['After more repairs', text]];
}

function Figures({
  inference: { stats },
  acceptance,
}: {
  readonly inference: InferenceState;
  readonly acceptance: Acceptance;
}) {
  if (stats === undefined) return null;
  const { slots, totals, vram, judging } = stats;
  const time = totals.busyMs + totals.waitingForLeanMs;
  const rows: [string, string][] = [
    ['Reads', `${Math.round(stats.promptTokensPerSecond)} tokens/s`],
    ['Writes', `${Math.round(stats.generatedTokensPerSecond)} tokens/s`],
    ['Rollouts', `${slots.busy} of ${slots.total}, ${slots.queued} waiting`],
    ['Replies with Lean', String(judging)],
    [
      'Waited for Lean',
      time === 0 ? '–' : `${Math.round((100 * totals.waitingForLeanMs) / time)}% of its time`,
    ],
  ];
  rows.push(...acceptedByRound(acceptance));
  if (vram.total > 0) rows.push(['Graphics memory', `${bytes(vram.used)} of ${bytes(vram.total)}`]);
  return (
    <dl className="figures">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function headline({ phase, fraction = 0, model, detail = '' }: InferenceState): string {
  switch (phase) {
    case 'off':
      return '';
    case 'loading':
      return `A model is being loaded: ${Math.round(fraction * 100)}%`;
    case 'crashed':
      return `The model broke down: ${detail}`;
    case 'ready':
      if (model === undefined) return 'A model is loaded.';
      return `${model.name ?? model.fileName} on ${model.gpu === 'cpu' ? 'the processor' : model.gpu}, ${model.gpuLayers} of ${model.layers} layers on the card`;
  }
}
