import { useState } from 'react';
import { Button, Failure, Field } from '../../components/controls.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { PathInput } from '../../components/path-input.tsx';
import { useAction, useNode, useNodeState } from '../../store/hooks.ts';

export function ImportBankDialog({ onClose }: { readonly onClose: () => void }) {
  const store = useNode();
  const busy = useNodeState(({ bankImports }) => bankImports.some(({ state }) => state === 'reading'));
  const [path, setPath] = useState('');
  const start = useAction(async () => {
    await store.call('bank.import', { path: path.trim() });
    onClose();
  });
  return (
    <Dialog title="Import proofs" onClose={onClose}>
      <p className="muted">
        Reads a file that a Proofswarm node has exported. Every proof goes through this machine’s own Lean
        before it is believed; those that it has no Lean for are kept as claimed. An import that was stopped
        goes on where it was.
      </p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void start.run();
        }}
      >
        <Field label="File" hint="The full path on the node’s machine.">
          {(ids) => (
            <PathInput
              {...ids}
              kind="open-file"
              value={path}
              placeholder="/home/me/proofs.jsonl"
              onChange={setPath}
            />
          )}
        </Field>
        <div className="row">
          <Button kind="primary" type="submit" pending={start.pending} disabled={busy || path.trim() === ''}>
            Import
          </Button>
          {busy && <span className="small muted">Another import is under way.</span>}
        </div>
      </form>
      <Failure error={start.error} />
    </Dialog>
  );
}
