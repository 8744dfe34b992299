import type { InferenceState } from '../../../core/api/index.ts';
import { bytes } from '../../components/format.ts';
import { useNodeState } from '../../store/hooks.ts';

/** The language model that is at work: where it runs, how fast, and whether it waits for Lean. */
export function ModelAtWork() {
  const inference = useNodeState((state) => state.inference);
  if (inference.phase === 'off') return null;
  return (
    <section className="stack" aria-labelledby="at-work">
      <h2 id="at-work">At work</h2>
      <p>{headline(inference)}</p>
      <Figures inference={inference} />
    </section>
  );
}

function Figures({ inference: { stats } }: { readonly inference: InferenceState }) {
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
