import { Badge, Button, Callout, Failure, Field } from '../../components/controls.tsx';
import { environmentLabel } from '../../components/format.ts';
import { NumberInput } from '../../components/number-input.tsx';
import { useAction, useCapability, useNode, useNodeState } from '../../store/hooks.ts';
import { useState } from 'react';
import type { CommandOutput, NativeLeanView } from '../../../core/api/index.ts';
import { errorText } from '../../store/error-text.ts';
import { OptionalLimit } from './optional-limit.tsx';
import { SectionFoot } from './section-foot.tsx';
import { TextOption } from './text-option.tsx';
import { useSection } from './use-section.ts';

export function LeanSettings() {
  const section = useSection('lean');
  const node = useNodeState((state) => state.node);
  const native = useCapability('native-lean');
  const { jobs, checkSeconds, toolchain } = section.value;
  return (
    <>
      <dl className="facts">
        <dt>Checker</dt>
        <dd>
          {node.checker.name} {node.checker.version}
        </dd>
        <dt>State</dt>
        <dd>
          {
            {
              unprepared: 'prepared at the first need',
              preparing: 'being prepared',
              ready: 'ready',
              failed: 'failed',
            }[node.lean.kind]
          }
        </dd>
        <dt>Environments</dt>
        <dd>{node.environments.map(environmentLabel).join(', ')}</dd>
      </dl>
      {!native.available && (
        <Callout title="Only core Lean is judged here">{errorText(native.reason ?? 'no toolchain')}</Callout>
      )}
      {node.native !== undefined && <NativeLeans native={node.native} />}
      <div className="form-grid">
        <OptionalLimit
          label="Checks at one time"
          unit="each takes a core and some 0.8 GB"
          scale={1}
          max={256}
          otherwise="automatic"
          value={jobs}
          onChange={(value) => section.setOption('jobs', value)}
        />
        <Field label="Seconds for one check">
          {(ids) => (
            <NumberInput
              {...ids}
              value={checkSeconds}
              min={1}
              max={3600}
              onChange={(next) => section.set({ checkSeconds: next })}
            />
          )}
        </Field>
      </div>
      <TextOption
        label="Toolchain for Mathlib"
        hint="A directory with bin/lean, for statements beyond core Lean."
        placeholder="/home/me/.elan/toolchains/leanprover--lean4---v4.28.0"
        value={toolchain}
        onChange={(value) => section.setOption('toolchain', value)}
      />
      <Diagnosis />
      <SectionFoot section={section} />
    </>
  );
}

const SOURCE = {
  setting: 'named below',
  bundled: 'installed by this program',
  elan: 'elan’s',
  path: 'on the PATH',
};

function NativeLeans({ native: { toolchains, unconfined } }: { readonly native: NativeLeanView }) {
  return (
    <div className="stack-small">
      <h3 id="native-leans">Official Leans on this machine</h3>
      <ul className="plain-rows" aria-labelledby="native-leans">
        {toolchains.map(({ environment, source, directory }) => (
          <li key={directory} className="stack-small">
            <span>
              {environmentLabel(environment)}, {SOURCE[source]}
            </span>
            <span className="small muted wrap-anywhere">{directory}</span>
          </li>
        ))}
      </ul>
      {unconfined !== undefined && (
        <Callout title="Proofs of others are not run by them">
          {`There is no sandbox: ${unconfined}. What peers send for these versions is kept as claimed; your own statements are judged.`}
        </Callout>
      )}
    </div>
  );
}

const TONE = { ok: 'good', note: 'warn', problem: 'bad' } as const;

function Diagnosis() {
  const store = useNode();
  const [findings, setFindings] = useState<CommandOutput<'node.diagnose'>['findings']>();
  const look = useAction(async () => setFindings((await store.call('node.diagnose', {})).findings));
  return (
    <div className="stack">
      <div className="row">
        <Button icon="search" pending={look.pending} onClick={look.run}>
          Examine this machine
        </Button>
        {look.pending && <span className="small muted">That takes some seconds.</span>}
      </div>
      <Failure error={look.error} />
      {findings !== undefined && (
        <ul className="plain-rows" aria-label="Findings">
          {findings.map(({ topic, state, detail, remedy }) => (
            <li key={topic} className="stack-small">
              <span className="row">
                <strong>{topic}</strong>
                <Badge tone={TONE[state]}>{state}</Badge>
              </span>
              <span className="small muted wrap-anywhere">{detail}</span>
              {remedy !== undefined && <span className="small wrap-anywhere">{remedy}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
