import { useState } from 'react';
import type { CommandInput } from '../../../core/api/index.ts';
import { Button, Failure, Field } from '../../components/controls.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { FileButton } from '../../components/file-button.tsx';
import { useAction, useNode } from '../../store/hooks.ts';

type Source = CommandInput<'statements.import'>['source'];

export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const store = useNode();
  const [path, setPath] = useState('');
  const [kind, setKind] = useState<Source['kind']>();
  const start = useAction(async (source: Source) => {
    setKind(source.kind);
    await store.call('statements.import', { source });
    onClose();
  });
  return (
    <Dialog title="Import statements" onClose={onClose}>
      <p className="muted">
        Lean files with theorems that end in <code>sorry</code>, and datasets of one JSON object a line with a{' '}
        <code>formal_statement</code>, as MiniF2F, ProofNet and PutnamBench publish them. What is no statement
        is listed, not guessed at.
      </p>
      <div className="option">
        <div className="grow">
          <h3>Starter pack</h3>
          <p className="small muted">
            Statements in core Lean, from easy to hard, that come along with the program.
          </p>
        </div>
        <Button
          kind="primary"
          pending={start.pending && kind === 'starter'}
          onClick={() => start.run({ kind: 'starter' })}
        >
          Import the starter pack
        </Button>
      </div>
      <div className="option">
        <div className="grow">
          <h3>A file of yours</h3>
          <p className="small muted">.lean, .jsonl or .json, up to 16 MB.</p>
        </div>
        <FileButton
          pending={start.pending && kind === 'text'}
          label="Choose a file"
          accept=".lean,.jsonl,.json"
          onText={(text, fileName) => start.run({ kind: 'text', fileName, text })}
        />
      </div>
      <form
        className="option"
        onSubmit={(event) => {
          event.preventDefault();
          void start.run({ kind: 'path', path: path.trim() });
        }}
      >
        <div className="grow">
          <Field label="A file on the node’s machine" hint="For datasets of any size: the full path.">
            {(ids) => (
              <input
                {...ids}
                className="input"
                value={path}
                placeholder="/home/me/datasets/minif2f.jsonl"
                onChange={({ target }) => setPath(target.value)}
              />
            )}
          </Field>
        </div>
        <Button type="submit" disabled={path.trim() === ''} pending={start.pending && kind === 'path'}>
          Import
        </Button>
      </form>
      <Failure error={start.error} />
    </Dialog>
  );
}
