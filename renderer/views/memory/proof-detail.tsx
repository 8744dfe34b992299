import { useState } from 'react';
import type { ProofView } from '../../../core/api/index.ts';
import type { ContentId } from '../../../core/record/index.ts';
import { hrefOf } from '../../app/routes.ts';
import { CopyButton, saveFile } from '../../components/clipboard.tsx';
import { Badge, Button } from '../../components/controls.tsx';
import { dateTime, environmentLabel, fileNameOf, plural, shortId } from '../../components/format.ts';
import { Icon } from '../../components/icon.tsx';
import { LeanCode } from '../../components/lean/code.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ShareDialog } from '../../components/share-dialog.tsx';
import { useCapability, useQuery } from '../../store/hooks.ts';

export function ProofDetail({ id }: { readonly id: ContentId }) {
  const { loaded, reload } = useQuery('bank.proof', { proof: id });
  return (
    <section className="card detail" aria-label="Proof">
      <a className="back-link split-back" href={hrefOf('memory')}>
        <Icon name="back" /> All proofs
      </a>
      <Loaded loaded={loaded} label="Reading the proof" reload={reload}>
        {({ proof }) => <Detail view={proof} />}
      </Loaded>
    </section>
  );
}

function Detail({ view }: { readonly view: ProofView }) {
  const { row, statement, submission } = view;
  const [sharing, setSharing] = useState(false);
  return (
    <div className="card-pad stack">
      <div className="row row-between">
        <h2 className="wrap-anywhere">{row.name}</h2>
        {row.trust === 'verified' ? (
          <Badge tone="good" icon="check">
            Verified here
          </Badge>
        ) : (
          <Badge tone="warn">Claimed by a peer</Badge>
        )}
      </div>
      {statement.informal !== undefined && <p>{statement.informal}</p>}
      <LeanCode source={submission} label="The proof" />
      <div className="row">
        <CopyButton text={submission} />
        <Button icon="download" onClick={() => saveFile(fileNameOf(row.name, 'lean'), submission)}>
          Save
        </Button>
        <Button icon="share" onClick={() => setSharing(true)}>
          Card
        </Button>
        <a className="button button-quiet" href={hrefOf('statements', row.statement)}>
          Statement
        </a>
      </div>
      <Provenance view={view} />
      <Attestations view={view} />
      <UsedBy view={view} />
      {sharing && <ShareDialog view={view} onClose={() => setSharing(false)} />}
    </div>
  );
}

function Provenance({ view: { row, checker, licence, signature } }: { readonly view: ProofView }) {
  const { finder } = row;
  return (
    <section className="stack-small">
      <h3>Where it comes from</h3>
      <dl className="facts small">
        <dt>Found by</dt>
        <dd>{row.own ? 'this machine' : <code>{finder.peer}</code>}</dd>
        <dt>With</dt>
        <dd>
          {finder.policy}
          {finder.model !== undefined && `, ${finder.model}`}, {plural(finder.rounds, 'round')}
        </dd>
        <dt>On</dt>
        <dd>{dateTime(row.createdAt)}</dd>
        <dt>Environment</dt>
        <dd>{environmentLabel(row.environment)}</dd>
        <dt>Checked by</dt>
        <dd>
          {checker.name} {checker.version}
        </dd>
        <dt>Licence</dt>
        <dd>{licence}</dd>
        <dt>Signature</dt>
        <dd title={signature}>
          <code>{shortId(signature)}</code>, valid
        </dd>
        <dt>Record</dt>
        <dd>
          <code>{row.id}</code>
        </dd>
      </dl>
    </section>
  );
}

function Attestations({ view: { attestations } }: { readonly view: ProofView }) {
  const able = useCapability('attestations');
  return (
    <section className="stack-small">
      <h3>Checked again by others</h3>
      {attestations.length === 0 ? (
        <p className="small muted">
          {able.available
            ? 'No peer has attested it yet.'
            : `Not known: ${able.reason ?? 'this node has no attestations'}.`}
        </p>
      ) : (
        <ul className="plain-rows small">
          {attestations.map(({ peer, checker, createdAt }) => (
            <li key={peer}>
              <code>{shortId(peer)}</code> with {checker.name} {checker.version}, {dateTime(createdAt)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function UsedBy({ view: { usedBy } }: { readonly view: ProofView }) {
  return (
    <section className="stack-small">
      <h3>What it has helped to prove</h3>
      {usedBy.length === 0 ? (
        <p className="small muted">Nothing on this machine so far.</p>
      ) : (
        <ul className="plain-rows small">
          {usedBy.map(({ statement, name }) => (
            <li key={statement}>
              <a href={hrefOf('statements', statement)}>{name}</a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
