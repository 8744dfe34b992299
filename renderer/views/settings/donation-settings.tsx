import type { DonationRules, ScheduleSpan } from '../../../core/api/index.ts';
import { Callout, Check, Field, Segments } from '../../components/controls.tsx';
import { NumberInput } from '../../components/number-input.tsx';
import { useNodeState } from '../../store/hooks.ts';
import { OptionalLimit } from './optional-limit.tsx';
import { ScheduleEditor } from './schedule-editor.tsx';
import { SectionFoot } from './section-foot.tsx';
import { TextList } from './text-list.tsx';
import { useSection, withOption } from './use-section.ts';

const NIGHTS: ScheduleSpan = { days: [0, 1, 2, 3, 4, 5, 6], from: '22:00', to: '07:00' };
const GB = 1e9;
const MB = 1e6;

export function DonationSettings() {
  const section = useSection('donation');
  const rules = section.value;
  return (
    <>
      <When rules={rules} onChange={(when) => section.set({ when })} />
      <PauseOn
        rules={rules}
        onChange={(change) => section.set({ pauseOn: { ...rules.pauseOn, ...change } })}
      />
      <Limits rules={rules} onChange={(limits) => section.set({ limits })} />
      <Check
        label="Keep the machine awake while it works"
        checked={rules.keepAwake}
        onChange={(keepAwake) => section.set({ keepAwake })}
      />
      <SectionFoot section={section} />
    </>
  );
}

function When({
  rules: { when },
  onChange,
}: {
  rules: DonationRules;
  onChange: (when: DonationRules['when']) => void;
}) {
  const gap = useNodeState(({ donation }) => donation.gaps.find(({ sensor }) => sensor === 'idle'));
  const choose = (kind: DonationRules['when']['kind']): void => {
    if (kind === when.kind) return;
    if (kind === 'always') onChange({ kind });
    else if (kind === 'idle') onChange({ kind, minutes: 5 });
    else onChange({ kind, spans: [NIGHTS] });
  };
  return (
    <div className="stack">
      <h3>When to work</h3>
      <Segments
        label="When to work"
        value={when.kind}
        options={[
          ['always', 'Always'],
          ['idle', 'When idle'],
          ['schedule', 'On a schedule'],
        ]}
        onChange={choose}
      />
      {when.kind === 'idle' && (
        <Field label="Minutes without input">
          {(ids) => (
            <NumberInput
              {...ids}
              value={when.minutes}
              min={1}
              max={240}
              onChange={(minutes) => onChange({ kind: 'idle', minutes })}
            />
          )}
        </Field>
      )}
      {when.kind === 'schedule' && (
        <ScheduleEditor spans={when.spans} onChange={(spans) => onChange({ kind: 'schedule', spans })} />
      )}
      {when.kind === 'idle' && gap !== undefined && (
        <Callout tone="warn" title="This desktop does not tell whether it is idle">
          {gap.detail}
        </Callout>
      )}
    </div>
  );
}

interface PauseOnProps {
  readonly rules: DonationRules;
  readonly onChange: (change: Partial<DonationRules['pauseOn']>) => void;
}

function PauseOn({ rules: { pauseOn }, onChange }: PauseOnProps) {
  const gaps = useNodeState(({ donation }) => donation.gaps);
  const hint = (sensor: string): string | undefined => gaps.find((gap) => gap.sensor === sensor)?.detail;
  return (
    <div className="stack">
      <h3>Pause</h3>
      <Check
        label="On battery"
        checked={pauseOn.battery}
        hint={hint('battery')}
        onChange={(battery) => onChange({ battery })}
      />
      <Field label="While the battery is below, in per cent" hint="0 switches this off.">
        {(ids) => (
          <NumberInput
            {...ids}
            value={pauseOn.batteryBelow}
            min={0}
            max={100}
            onChange={(batteryBelow) => onChange({ batteryBelow })}
          />
        )}
      </Field>
      <Check
        label="On a metered network"
        checked={pauseOn.metered}
        hint={hint('metered')}
        onChange={(metered) => onChange({ metered })}
      />
      <Check
        label="While someone uses keyboard or pointer"
        checked={pauseOn.userActive}
        hint={hint('idle')}
        onChange={(userActive) => onChange({ userActive })}
      />
      <Field
        label="While one of these programs runs"
        hint={hint('programs') ?? 'A name a line, as the system lists it.'}
      >
        {(ids) => (
          <TextList
            {...ids}
            value={pauseOn.programs}
            placeholder="blender"
            onChange={(programs) => {
              onChange({ programs });
              return Promise.resolve(true);
            }}
          />
        )}
      </Field>
    </div>
  );
}

type LimitsValue = DonationRules['limits'];

function Limits({
  rules: { limits },
  onChange,
}: {
  rules: DonationRules;
  onChange: (limits: LimitsValue) => void;
}) {
  const machine = useNodeState(({ node }) => node.machine);
  const set = (name: Exclude<keyof LimitsValue, 'gpu'>, value: number | undefined): void => {
    onChange(withOption(limits, name, value));
  };
  return (
    <div className="stack">
      <h3>Limits</h3>
      <div className="form-grid">
        <OptionalLimit
          label="Statements at one time"
          unit="each takes a core"
          scale={1}
          max={machine.cores}
          value={limits.cores}
          onChange={(value) => set('cores', value)}
        />
        <OptionalLimit
          label="Memory"
          unit="GB"
          scale={GB}
          max={Math.floor(machine.memoryBytes / GB)}
          value={limits.memoryBytes}
          onChange={(value) => set('memoryBytes', value)}
        />
        <OptionalLimit
          label="GPU memory"
          unit="GB"
          scale={GB}
          max={1000}
          value={limits.vramBytes}
          onChange={(value) => set('vramBytes', value)}
        />
        <OptionalLimit
          label="Disk"
          unit="GB"
          scale={GB}
          max={100_000}
          value={limits.diskBytes}
          onChange={(value) => set('diskBytes', value)}
        />
        <OptionalLimit
          label="Upload"
          unit="MB a second"
          scale={MB}
          max={10_000}
          value={limits.uploadBytesPerSecond}
          onChange={(value) => set('uploadBytesPerSecond', value)}
        />
        <Field label="GPU">
          {(ids) => (
            <select
              {...ids}
              className="select"
              value={limits.gpu}
              onChange={({ target }) => onChange({ ...limits, gpu: target.value as LimitsValue['gpu'] })}
            >
              <option value="auto">Whichever there is</option>
              <option value="cuda">CUDA</option>
              <option value="metal">Metal</option>
              <option value="vulkan">Vulkan</option>
              <option value="cpu">None: CPU only</option>
            </select>
          )}
        </Field>
      </div>
    </div>
  );
}
