import { useState } from 'react';
import { MAX_PAGE, type CommandInput } from '../../../core/api/index.ts';
import type { ContentId } from '../../../core/record/index.ts';
import { Button, Callout, Failure, Field } from '../../components/controls.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { plural, shortId } from '../../components/format.ts';
import { useAction, useNode } from '../../store/hooks.ts';

/** Statements of a pack. */
const MOST = 10_000;

interface PublishDialogProps {
  /** Of the list that is published. */
  readonly filter: CommandInput<'statements.list'>;
  readonly count: number;
  readonly onClose: () => void;
}

export function PublishDialog({ filter, count, onClose }: PublishDialogProps) {
  const store = useNode();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [licence, setLicence] = useState('Apache-2.0');
  const [done, setDone] = useState<{ pack: string; peers: number }>();
  const most = Math.min(count, MOST);
  const publish = useAction(async () => {
    const statements: ContentId[] = [];
    while (statements.length < most) {
      const range = { offset: statements.length, limit: Math.min(MAX_PAGE, most - statements.length) };
      const { items } = await store.call('statements.list', { ...filter, ...range });
      if (items.length === 0) break;
      statements.push(...items.map(({ id }) => id));
    }
    const pack = await store.call('statements.publish', {
      statements,
      name,
      description,
      licence,
    });
    setDone(pack);
  });
  return (
    <Dialog title="Publish as a pack" onClose={onClose}>
      <p className="muted">
        Signs {most < count && 'the first '}
        {plural(most, 'statement')} of the list as one pack and offers it to the swarm. Whoever trusts you as
        a curator will work on it. What is published cannot be taken back.
      </p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void publish.run();
        }}
      >
        <Field
          label="Name"
          hint="Lower-case letters, digits and hyphens. A name you used before becomes its next version."
        >
          {(ids) => (
            <input
              {...ids}
              className="input"
              required
              pattern="[a-z0-9]([a-z0-9\-]{0,62}[a-z0-9])?"
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Field label="Description">
          {(ids) => (
            <textarea
              {...ids}
              className="textarea"
              rows={3}
              maxLength={2000}
              value={description}
              onChange={({ target }) => setDescription(target.value)}
            />
          )}
        </Field>
        <Field label="Licence of the statements" hint="As an SPDX expression.">
          {(ids) => (
            <input
              {...ids}
              className="input"
              required
              value={licence}
              onChange={({ target }) => setLicence(target.value)}
            />
          )}
        </Field>
        <div className="row">
          <Button
            kind="primary"
            type="submit"
            pending={publish.pending}
            disabled={name === '' || done !== undefined}
          >
            Sign and publish
          </Button>
        </div>
      </form>
      {done !== undefined && (
        <Callout tone="good" title="Published" alert>
          Pack {shortId(done.pack)}, told to {plural(done.peers, 'peer')}.
        </Callout>
      )}
      <Failure error={publish.error} />
    </Dialog>
  );
}
