import type { StatementWorker } from '../../../core/api/index.ts';
import { ago, shortId } from '../../components/format.ts';
import { useNow } from '../../store/hooks.ts';

/** Who says that they work on a statement, how, and for how long. */
export function Workers({ workers }: { readonly workers: readonly StatementWorker[] }) {
  const now = useNow(true, 30_000);
  return (
    <ul className="plain-rows">
      {workers.map(({ peer, policy, model, since }) => (
        <li key={peer}>
          <span title={peer}>{shortId(peer)}</span>,{' '}
          {model === undefined ? policy : `${policy} with ${model}`}, heard of {ago(since, now)}
        </li>
      ))}
    </ul>
  );
}
