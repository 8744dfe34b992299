import type { PolicyName, ProveSettings } from '../../../core/api/index.ts';
import { Check, Field, Segments } from '../../components/controls.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { useCapability } from '../../store/hooks.ts';

interface BudgetFormProps {
  readonly value: ProveSettings;
  readonly onChange: (value: ProveSettings) => void;
}

const POLICIES: readonly (readonly [PolicyName, string])[] = [
  ['portfolio', 'Portfolio'],
  ['llama', 'Language model'],
  ['mixed', 'Both'],
];

/** How one statement is tried: by what, how long, how deep and how wide. */
export function BudgetForm({ value, onChange }: BudgetFormProps) {
  const llama = useCapability('llama-policy');
  const set = (change: Partial<ProveSettings>): void => onChange({ ...value, ...change });
  return (
    <div className="stack">
      <div className="row">
        <Segments
          label="Policy"
          value={value.policy}
          options={POLICIES}
          onChange={(policy) => set({ policy })}
        />
        <span className="small faint">
          {value.policy === 'portfolio'
            ? 'Decision procedures and guided search; needs no model.'
            : llama.available
              ? 'Uses the chosen language model.'
              : `Not available: ${llama.reason ?? 'no model'}.`}
        </span>
      </div>
      <div className="form-grid">
        <Field label="Seconds" hint="At most, in all.">
          {(ids) => (
            <NumberInput
              {...ids}
              value={value.seconds}
              min={1}
              max={86_400}
              onChange={(seconds) => set({ seconds })}
            />
          )}
        </Field>
        <Field label="Rollouts" hint="Independent tries.">
          {(ids) => (
            <NumberInput
              {...ids}
              value={value.rollouts}
              min={1}
              max={1024}
              onChange={(rollouts) => set({ rollouts })}
            />
          )}
        </Field>
        <Field label="Rounds" hint="Steps of a try.">
          {(ids) => (
            <NumberInput
              {...ids}
              value={value.rounds}
              min={1}
              max={256}
              onChange={(rounds) => set({ rounds })}
            />
          )}
        </Field>
        <Field label="Proofs to learn from" hint="Shown from the memory.">
          {(ids) => (
            <NumberInput
              {...ids}
              value={value.retrieve}
              min={0}
              max={16}
              onChange={(retrieve) => set({ retrieve })}
            />
          )}
        </Field>
      </div>
      <Check
        label="Later rounds see what Lean said to earlier ones"
        checked={value.feedback}
        onChange={(feedback) => set({ feedback })}
      />
    </div>
  );
}
