import type { StatementView } from '../../../core/api/index.ts';
import { describeEnvironment, type ContentId } from '../../../core/record/index.ts';
import { hrefOf } from '../../app/routes.ts';
import { go } from '../../app/use-route.ts';
import { CopyButton } from '../../components/clipboard.tsx';
import { Button, Callout, Failure } from '../../components/controls.tsx';
import { count, date, environmentLabel, shortId } from '../../components/format.ts';
import { Icon } from '../../components/icon.tsx';
import { LeanCode } from '../../components/lean/code.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { useAction, useCapability, useNode, useNodeState, useQuery } from '../../store/hooks.ts';
import { StatusBadge } from './status-badge.tsx';
import { Workers } from './workers.tsx';

export function StatementDetail({ id }: { readonly id: ContentId }) {
  const { loaded, reload } = useQuery('statements.get', { statement: id }, [
    'statements:status-changed',
    'bank:proof-added',
  ]);
  return (
    <section className="card detail" aria-label="Statement">
      <a className="back-link split-back" href={hrefOf('statements')}>
        <Icon name="back" /> All statements
      </a>
      <Loaded loaded={loaded} label="Reading the statement" reload={reload}>
        {({ statement }) => <Detail view={statement} onChanged={reload} />}
      </Loaded>
    </section>
  );
}

function Detail({ view, onChanged }: { readonly view: StatementView; readonly onChanged: () => void }) {
  const { row, statement, sources, workers, proofs, attempts } = view;
  const store = useNode();
  const able = useCapability('prove');
  const settings = useNodeState((state) => state.settings.prove);
  const environments = useNodeState((state) => state.node.environments);
  const needed = environmentLabel(row.environment);
  const judged = environments.some(
    (environment) => describeEnvironment(environment) === describeEnvironment(row.environment),
  );
  const prove = useAction(async () => {
    const { session } = await store.call('prove.start', {
      source: { kind: 'statement', statement: row.id },
      settings,
    });
    go('prove', session.id);
  });
  const watch = useAction(async () => {
    await store.call('statements.watch', { statement: row.id, watched: !row.watched });
    onChanged();
  });
  const source = [statement.header, `${statement.formal} := by sorry`].filter(Boolean).join('\n\n');
  return (
    <div className="card-pad stack">
      <div className="row row-between">
        <h2 className="wrap-anywhere">{row.name}</h2>
        <StatusBadge status={row.status} />
      </div>
      {statement.informal !== undefined && <p>{statement.informal}</p>}
      {row.status === 'invalid' && (
        <Callout tone="bad" title="It does not elaborate">
          {row.detail}
        </Callout>
      )}
      <LeanCode source={source} label="Formal statement" />
      {!judged && (
        <Callout title={`It needs ${needed}`}>
          No Lean of this machine has that, so it cannot be proved here.{' '}
          <a href={hrefOf('settings', 'lean')}>Which Leans there are</a>
        </Callout>
      )}
      <div className="row">
        <Button
          kind="primary"
          icon="play"
          disabled={!able.available || !judged}
          pending={prove.pending}
          onClick={prove.run}
        >
          {row.status === 'solved' ? 'Prove it again' : 'Prove it'}
        </Button>
        <a className="button" href={hrefOf('prove', undefined, { statement: row.id })}>
          Open in the editor
        </a>
        <Button icon="eye" aria-pressed={row.watched} pending={watch.pending} onClick={watch.run}>
          {row.watched ? 'Stop watching' : 'Watch'}
        </Button>
        <CopyButton text={source} />
      </div>
      <Failure error={prove.error ?? watch.error} />
      <dl className="facts small">
        <dt>Environment</dt>
        <dd>{environmentLabel(row.environment)}</dd>
        {statement.source?.dataset !== undefined && (
          <>
            <dt>Dataset</dt>
            <dd>
              {statement.source.dataset}
              {statement.source.licence !== undefined && ` (${statement.source.licence})`}
            </dd>
          </>
        )}
        {row.topic !== undefined && (
          <>
            <dt>Topic</dt>
            <dd>{row.topic}</dd>
          </>
        )}
        {row.difficulty !== undefined && (
          <>
            <dt>Difficulty</dt>
            <dd>{row.difficulty}</dd>
          </>
        )}
        <dt>Sources</dt>
        <dd>
          {sources.length === 0
            ? 'came with a proof'
            : sources
                .map((one) =>
                  one.kind === 'local'
                    ? 'this machine'
                    : one.kind === 'pack'
                      ? `pack ${one.pack} of ${shortId(one.curator)}`
                      : `submitted by ${shortId(one.submitter)}`,
                )
                .join(', ')}
        </dd>
        {row.addedAt > 0 && (
          <>
            <dt>Added</dt>
            <dd>{date(row.addedAt)}</dd>
          </>
        )}
        {workers.length > 0 && (
          <>
            <dt>Being tried by</dt>
            <dd>
              <Workers workers={workers} />
            </dd>
          </>
        )}
        <dt>Attempts here</dt>
        <dd>{count(attempts)}</dd>
        <dt>Proofs</dt>
        <dd>
          {proofs.length === 0
            ? 'none known'
            : proofs.map((proof, index) => (
                <span key={proof}>
                  {index > 0 && ', '}
                  <a href={hrefOf('memory', proof)}>{shortId(proof)}</a>
                </span>
              ))}
        </dd>
        <dt>Id</dt>
        <dd>
          <code>{row.id}</code>
        </dd>
      </dl>
    </div>
  );
}
