import { useState } from 'react';
import { Button, Failure, Field } from '../../components/controls.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { PathInput } from '../../components/path-input.tsx';
import { useAction, useNode, useNodeState } from '../../store/hooks.ts';

export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const store = useNode();
  const data = useNodeState(({ node }) => node.data);
  const [path, setPath] = useState(`${data}/proofs.jsonl`);
  const save = useAction(async () => {
    await store.call('bank.export', { path });
    onClose();
  });
  return (
    <Dialog title="Export the memory" onClose={onClose}>
      <p className="muted">
        Writes every proof with its signature to a new file on the node’s machine, one JSON object a line. An
        existing file is never written over.
      </p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save.run();
        }}
      >
        <Field label="File">
          {(ids) => <PathInput {...ids} kind="save-file" value={path} onChange={setPath} />}
        </Field>
        <div className="row">
          <Button
            kind="primary"
            type="submit"
            icon="download"
            pending={save.pending}
            disabled={path.trim() === ''}
          >
            Export
          </Button>
        </div>
      </form>
      {save.pending && (
        <p className="small muted" role="status">
          It is being written. You may close this: the screen shows how far it is.
        </p>
      )}
      <Failure error={save.error} />
    </Dialog>
  );
}
