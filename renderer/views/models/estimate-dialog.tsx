import { useState } from 'react';
import type { Estimate } from '../../../core/api/index.ts';
import { Callout, Field } from '../../components/controls.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { bytes, plural } from '../../components/format.ts';
import { Loaded } from '../../components/loaded.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { useQuery, useSettled } from '../../store/hooks.ts';

/** What a model would take on this machine, before anything is fetched or loaded. */
export function EstimateDialog({ model, onClose }: { readonly model: string; readonly onClose: () => void }) {
  const [contextSize, setContextSize] = useState(8192);
  const [slots, setSlots] = useState(4);
  const load = useSettled({ contextSize, slots }, 300);
  const { loaded, reload } = useQuery('models.estimate', { model, load });
  return (
    <Dialog title={`What ${model} takes`} onClose={onClose}>
      <div className="form-grid">
        <Field label="Context, in tokens">
          {(ids) => (
            <NumberInput {...ids} value={contextSize} min={256} max={1_048_576} onChange={setContextSize} />
          )}
        </Field>
        <Field label="Rollouts at one time">
          {(ids) => <NumberInput {...ids} value={slots} min={1} max={256} onChange={setSlots} />}
        </Field>
      </div>
      <Loaded loaded={loaded} label="Computing" reload={reload}>
        {({ estimate }) => <Answer estimate={estimate} />}
      </Loaded>
    </Dialog>
  );
}

function Answer({
  estimate: { need, memory, placement, remedies, measured },
}: {
  readonly estimate: Estimate;
}) {
  return (
    <>
      <Callout
        tone={placement.kind === 'none' ? 'bad' : placement.kind === 'gpu' ? 'good' : 'warn'}
        title={placementText(placement)}
      >
        {measured ? 'Measured on the file.' : 'Computed from the list; the file itself may differ a little.'}
      </Callout>
      <dl className="facts">
        <dt>Weights</dt>
        <dd>{bytes(need.weights)}</dd>
        <dt>Context</dt>
        <dd>{bytes(need.cache)}</dd>
        <dt>Computing</dt>
        <dd>{bytes(need.compute)}</dd>
        <dt>In all</dt>
        <dd>
          <strong>{bytes(need.total)}</strong>
        </dd>
        <dt>Memory free</dt>
        <dd>
          {bytes(memory.ram.free)} of {bytes(memory.ram.total)}
        </dd>
        <dt>GPU memory free</dt>
        <dd>
          {memory.vram === undefined
            ? 'no GPU was found'
            : `${bytes(memory.vram.free)} of ${bytes(memory.vram.total)}`}
        </dd>
      </dl>
      {remedies.length > 0 && (
        <div className="stack-small">
          <h3>What helps</h3>
          <ul>
            {remedies.map((remedy) => (
              <li key={remedy}>{remedy}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function placementText(placement: Estimate['placement']): string {
  switch (placement.kind) {
    case 'gpu':
      return 'It fits on the GPU';
    case 'split':
      return `It fits with ${plural(placement.gpuLayers, 'layer')} on the GPU and the rest in memory`;
    case 'cpu':
      return 'It fits in memory; the CPU does the work, slowly';
    case 'none':
      return 'It does not fit on this machine';
  }
}
