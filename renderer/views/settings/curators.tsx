import { useState } from 'react';
import type { CuratorView } from '../../../core/api/index.ts';
import { peerIdSchema } from '../../../core/record/index.ts';
import { Badge, Button, Callout, Failure, Field } from '../../components/controls.tsx';
import { shortId } from '../../components/format.ts';
import { Loaded } from '../../components/loaded.tsx';
import { useAction, useNode, useQuery } from '../../store/hooks.ts';

/** Whose packs of statements are put on the board. */
export function Curators() {
  const { loaded, reload } = useQuery('network.curators', {}, ['network:curators-changed']);
  const store = useNode();
  const [removed, setRemoved] = useState<CuratorView>();
  const trust = useAction((curator: string, label: string) =>
    store.call('network.trust', { curator, label }),
  );
  const distrust = useAction(async (curator: CuratorView) => {
    await store.call('network.distrust', { curator: curator.key });
    setRemoved(curator);
  });
  const again = async (curator: CuratorView): Promise<void> => {
    if (await trust.run(curator.key, curator.label)) setRemoved(undefined);
  };
  return (
    <section className="stack" aria-labelledby="curators">
      <h3 id="curators">Trusted curators</h3>
      <p className="small muted">
        What a curator signs goes onto your board and is worked on; of anyone else’s statements only a few
        are. A curator can neither publish proofs in your name nor have any believed.
      </p>
      {removed !== undefined && (
        <Callout
          title={`${removed.label || shortId(removed.key)} is no longer trusted`}
          alert
          actions={
            <Button small pending={trust.pending} onClick={() => again(removed)}>
              Trust again
            </Button>
          }
        >
          What only this curator had put up is off the board.
        </Callout>
      )}
      <Loaded loaded={loaded} label="Reading whom you trust" reload={reload}>
        {({ curators }) =>
          curators.length === 0 ? (
            <p className="muted">
              Nobody is trusted: the board holds your own statements and some of strangers.
            </p>
          ) : (
            <ul className="plain-rows" aria-labelledby="curators">
              {curators.map((curator) => (
                <li key={curator.key} className="row row-between">
                  <span className="stack-small grow">
                    <span className="row">
                      <strong>{curator.label || 'No label'}</strong>
                      {curator.shipped && <Badge>Came with the program</Badge>}
                    </span>
                    <code className="small wrap-anywhere">{curator.key}</code>
                  </span>
                  <Button
                    small
                    aria-label={`Stop trusting ${curator.label || shortId(curator.key)}`}
                    pending={distrust.pending}
                    onClick={() => distrust.run(curator)}
                  >
                    Stop trusting
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Failure error={distrust.error} />
      <AddCurator pending={trust.pending} error={trust.error} onAdd={trust.run} />
    </section>
  );
}

interface AddProps {
  readonly pending: boolean;
  readonly error: string | undefined;
  readonly onAdd: (curator: string, label: string) => Promise<boolean>;
}

function AddCurator({ pending, error, onAdd }: AddProps) {
  const [key, setKey] = useState('');
  const [label, setLabel] = useState('');
  const trimmed = key.trim();
  const known = peerIdSchema.safeParse(trimmed).success;
  const add = async (): Promise<void> => {
    if (!(await onAdd(trimmed, label.trim()))) return;
    setKey('');
    setLabel('');
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (known) void add();
      }}
    >
      <Field
        label="Curator’s key"
        hint={
          trimmed === '' || known
            ? 'As the curator publishes it: 12D3KooW…'
            : 'That is no key: one begins with 12D3KooW.'
        }
      >
        {(ids) => (
          <input
            {...ids}
            className="input"
            value={key}
            aria-invalid={trimmed !== '' && !known}
            onChange={({ target }) => setKey(target.value)}
          />
        )}
      </Field>
      <Field label="Label" hint="For you alone.">
        {(ids) => (
          <input
            {...ids}
            className="input"
            value={label}
            maxLength={200}
            onChange={({ target }) => setLabel(target.value)}
          />
        )}
      </Field>
      <div className="row">
        <Button type="submit" disabled={!known} pending={pending}>
          Trust this curator
        </Button>
      </div>
      <Failure error={error} />
    </form>
  );
}
