import type { Refusal } from '../../../core/api/index.ts';
import { Badge, Empty } from '../../components/controls.tsx';
import { ago, shortId } from '../../components/format.ts';
import { VirtualList } from '../../components/virtual-list.tsx';
import { useNow, usePagedList } from '../../store/hooks.ts';

const keyOf = ({ at, peer, reason, record }: Refusal): string => `${at} ${peer} ${reason} ${record ?? ''}`;

/** What was not taken from peers, and why. */
export function Refusals() {
  const { state, list } = usePagedList('network.refusals', {}, keyOf, ['network:refused']);
  const now = useNow(true, 30_000);
  return (
    <section className="card" aria-labelledby="refused">
      <div className="card-head">
        <h2 id="refused">Refused</h2>
      </div>
      <VirtualList
        label="Refused"
        state={state}
        list={list}
        rowHeight={76}
        row={({ at, peer, kind, reason, detail }) => (
          <div className="entry">
            <span className="entry-head">
              <span className="entry-name">{reason.replaceAll('-', ' ')}</span>
              <Badge tone="bad">{kind}</Badge>
            </span>
            <span className="entry-meta">
              {shortId(peer)} · {ago(at, now)}
              {detail !== undefined && ` · ${detail}`}
            </span>
          </div>
        )}
        empty={
          <Empty icon="check" title="Nothing was refused">
            Records that Lean does not accept, and messages that break the rules, are listed here with their
            reason.
          </Empty>
        }
      />
    </section>
  );
}
