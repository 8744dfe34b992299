import type { CommandOutput } from '../../../core/api/index.ts';
import type { Verdict } from '../../../core/record/index.ts';
import { hrefOf } from '../../app/routes.ts';
import { CopyButton } from '../../components/clipboard.tsx';
import { Badge, Callout } from '../../components/controls.tsx';
import { count, duration } from '../../components/format.ts';
import { LeanCode } from '../../components/lean/code.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { useQuery } from '../../store/hooks.ts';
import { DiagnosticList } from './source-editor.tsx';
import type { Cell } from './timeline.ts';

/** One attempt, whole: what was submitted, what Lean said, what it had to go by. */
export function AttemptPanel({ session, cell }: { readonly session: string; readonly cell: Cell }) {
  const place = `Round ${cell.round + 1}, attempt ${cell.candidate + 1}`;
  return (
    <section className="card" aria-labelledby="attempt">
      <div className="card-head">
        <h2 id="attempt">{place}</h2>
        {cell.state === 'checking' && <Badge tone="accent">Being checked</Badge>}
      </div>
      {cell.state === 'checking' ? (
        <p className="card-pad muted">Lean is checking it now; it can be read once there is a verdict.</p>
      ) : (
        <Read session={session} cell={cell} />
      )}
    </section>
  );
}

function Read({ session, cell }: { readonly session: string; readonly cell: Cell }) {
  const { rollout, round, candidate } = cell;
  const { loaded, reload } = useQuery('prove.attempt', { session, rollout, round, candidate });
  return (
    <Loaded loaded={loaded} label="Reading the attempt" reload={reload}>
      {({ attempt, premises }) => (
        <div className="card-pad stack">
          <VerdictView verdict={attempt.verdict} />
          {attempt.submission !== '' && (
            <div className="stack-small">
              <div className="row row-between">
                <h3>Submission</h3>
                <CopyButton small text={attempt.submission} />
              </div>
              <LeanCode source={attempt.submission} label="Submission" />
            </div>
          )}
          <Premises premises={premises} />
          <Source attempt={attempt} />
        </div>
      )}
    </Loaded>
  );
}

function VerdictView({ verdict }: { readonly verdict: Verdict }) {
  const time = duration(verdict.milliseconds);
  switch (verdict.kind) {
    case 'proved':
      return (
        <Callout tone="good" title={`Lean accepts this proof (${time})`}>
          {verdict.axioms.length === 0
            ? 'It uses no axioms of its own.'
            : `Axioms: ${verdict.axioms.join(', ')}.`}{' '}
          Checked by {verdict.checker.name} {verdict.checker.version}.
        </Callout>
      );
    case 'failed':
      return (
        <div className="stack-small">
          <h3>What Lean said ({time})</h3>
          <DiagnosticList diagnostics={verdict.diagnostics} />
          {verdict.goals.length > 0 && (
            <>
              <h3>Goals left open</h3>
              {verdict.goals.map((goal, index) => (
                <LeanCode key={index} source={goal} label={`Open goal ${index + 1}`} />
              ))}
            </>
          )}
        </div>
      );
    case 'rejected':
      return (
        <Callout tone="bad" title={`Rejected: ${verdict.reason.replaceAll('-', ' ')}`}>
          {verdict.detail}
        </Callout>
      );
    case 'exhausted':
      return (
        <Callout tone="warn" title={`Out of ${verdict.resource} after ${time}`}>
          {verdict.detail}
        </Callout>
      );
    case 'crashed':
      return (
        <Callout tone="bad" title="Lean broke down over this one; it was started again">
          {verdict.detail}
        </Callout>
      );
  }
}

type Answer = CommandOutput<'prove.attempt'>;

export function Premises({ premises }: { readonly premises: Answer['premises'] }) {
  if (premises.length === 0) return null;
  return (
    <div className="stack-small">
      <h3>Proofs from memory that it was shown</h3>
      <ul className="premises">
        {premises.map(({ id, name, formal }) => (
          <li key={id}>
            <a href={hrefOf('memory', id)}>{name}</a>
            <LeanCode source={formal.replace(/\s+/g, ' ')} inline />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Source({ attempt }: { readonly attempt: Answer['attempt'] }) {
  const { prompt, response, generation, cost } = attempt;
  return (
    <>
      <p className="small faint">
        {attempt.policy}
        {generation !== undefined && ` · ${generation.model}, seed ${generation.seed}`} ·{' '}
        {duration(cost.milliseconds)}
        {cost.promptTokens !== undefined && ` · ${count(cost.promptTokens)} tokens read`}
        {cost.generatedTokens !== undefined && ` · ${count(cost.generatedTokens)} written`}
      </p>
      {generation !== undefined && generation.thinking !== '' && (
        <Folded title="Thinking" text={generation.thinking} />
      )}
      {prompt !== undefined && <Folded title="Prompt" text={prompt} />}
      {response !== undefined && <Folded title="Reply" text={response} />}
    </>
  );
}

const Folded = ({ title, text }: { readonly title: string; readonly text: string }) => (
  <details>
    <summary>{title}</summary>
    <pre className="lean lean-block wrapped" tabIndex={0} aria-label={title} role="region">
      {text}
    </pre>
  </details>
);
