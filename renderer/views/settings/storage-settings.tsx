import { CopyButton } from '../../components/clipboard.tsx';
import { bytes, plural, shortId } from '../../components/format.ts';
import { Loaded } from '../../components/loaded.tsx';
import { useNodeState, useQuery } from '../../store/hooks.ts';

export function StorageSettings() {
  const node = useNodeState((state) => state.node);
  const { loaded, reload } = useQuery('bank.stats', {}, ['bank:proof-added']);
  return (
    <>
      <dl className="facts">
        <dt>Data</dt>
        <dd>
          <code>{node.data}</code>
        </dd>
        <dt>Peer id</dt>
        <dd>
          <code title={node.peer}>{shortId(node.peer)}</code>
        </dd>
      </dl>
      <Loaded loaded={loaded} label="Measuring" reload={reload}>
        {({ counts, bytes: size, directory }) => (
          <dl className="facts">
            <dt>Memory</dt>
            <dd>
              {bytes(size)} for {plural(counts.proofs, 'proof')} and {plural(counts.attempts, 'attempt')}
            </dd>
            <dt>Kept in</dt>
            <dd>
              <code>{directory}</code>
            </dd>
          </dl>
        )}
      </Loaded>
      <p className="muted">
        The data directory holds the key that signs your proofs. Whoever copies it can sign in your name; a
        backup of it keeps your credit.
      </p>
      <div className="row">
        <CopyButton text={node.data} label="Copy the path" />
      </div>
    </>
  );
}
