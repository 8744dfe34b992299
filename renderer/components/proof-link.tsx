import type { ProofRow } from '../../core/api/index.ts';
import { hrefOf } from '../app/routes.ts';
import { useNow } from '../store/hooks.ts';
import { Badge } from './controls.tsx';
import { ago, shortId } from './format.ts';
import { LeanCode } from './lean/code.tsx';
import { oneLine } from './session-link.tsx';

/** A proof in a list. */
export function ProofLink({
  proof,
  current = false,
}: {
  readonly proof: ProofRow;
  readonly current?: boolean;
}) {
  const now = useNow(true, 60_000);
  return (
    <a className="entry" href={hrefOf('memory', proof.id)} aria-current={current ? 'true' : undefined}>
      <span className="entry-head">
        <span className="entry-name">{proof.name}</span>
        {proof.trust === 'claimed' ? (
          <Badge tone="warn">Claimed</Badge>
        ) : (
          <Badge tone="good" icon="check">
            Verified
          </Badge>
        )}
      </span>
      <LeanCode source={oneLine(proof.formal)} inline />
      <span className="entry-meta">
        {proof.own ? 'found here' : `by ${shortId(proof.finder.peer)}`} · {proof.finder.policy} ·{' '}
        {ago(proof.createdAt, now)}
        {proof.topic !== undefined && ` · ${proof.topic}`}
      </span>
    </a>
  );
}
