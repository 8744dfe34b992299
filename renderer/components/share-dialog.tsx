import { useEffect, useRef } from 'react';
import type { ProofView } from '../../core/api/index.ts';
import { useAction } from '../store/hooks.ts';
import { saveFile } from './clipboard.tsx';
import { Button, Failure } from './controls.tsx';
import { Dialog } from './dialog.tsx';
import { fileNameOf } from './format.ts';
import { drawCard } from './share-card.ts';

/** A picture of the theorem, to save or to paste elsewhere. */
export function ShareDialog({ view, onClose }: { readonly view: ProofView; readonly onClose: () => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null) drawCard(canvas.current, view);
  }, [view]);
  const image = (): Promise<Blob> =>
    new Promise((resolve, reject) => {
      canvas.current?.toBlob((blob) => {
        if (blob === null) reject(new Error('the browser made no image'));
        else resolve(blob);
      }, 'image/png');
    });
  const save = useAction(async () => saveFile(fileNameOf(view.row.name, 'png'), await image()));
  const copy = useAction(async () => {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': await image() })]);
  });
  return (
    <Dialog title="Card of the theorem" onClose={onClose}>
      <canvas
        ref={canvas}
        className="share-card"
        role="img"
        aria-label={`Proved in Lean 4: ${view.statement.formal}`}
      />
      <div className="row">
        <Button kind="primary" icon="download" pending={save.pending} onClick={save.run}>
          Save the image
        </Button>
        <Button icon="copy" pending={copy.pending} onClick={copy.run}>
          Copy the image
        </Button>
      </div>
      <Failure error={save.error ?? copy.error} />
    </Dialog>
  );
}
