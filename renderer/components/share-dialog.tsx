import { useEffect, useRef, useState } from 'react';
import type { ProofView } from '../../core/api/index.ts';
import { useAction } from '../store/hooks.ts';
import type { CardTheme } from './card-colours.ts';
import { saveFile } from './clipboard.tsx';
import { Button, Failure, Segments } from './controls.tsx';
import { Dialog } from './dialog.tsx';
import { fileNameOf } from './format.ts';
import { drawCard } from './share-card.ts';

/** A picture of the theorem, to save or to paste elsewhere. */
export function ShareDialog({ view, onClose }: { readonly view: ProofView; readonly onClose: () => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [theme, setTheme] = useState<CardTheme>(() =>
    document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light',
  );
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (canvas.current !== null) drawCard(canvas.current, view, theme);
  }, [view, theme]);
  const image = (): Promise<Blob> =>
    new Promise((resolve, reject) => {
      canvas.current?.toBlob((blob) => {
        if (blob === null) reject(new Error('the browser made no image'));
        else resolve(blob);
      }, 'image/png');
    });
  const save = useAction(async () => saveFile(fileNameOf(view.row.name, 'png'), await image()));
  const copy = useAction(async () => {
    // Not awaited before: Safari takes it from within the click only.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': image() })]);
    setCopied(true);
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
        <Segments
          label="Colours of the card"
          value={theme}
          options={[
            ['light', 'Light'],
            ['dark', 'Dark'],
          ]}
          onChange={(next) => {
            setTheme(next);
            setCopied(false);
          }}
        />
        <span className="grow" />
        <Button kind="primary" icon="download" pending={save.pending} onClick={save.run}>
          Save the image
        </Button>
        <Button icon={copied ? 'check' : 'copy'} pending={copy.pending} onClick={copy.run}>
          <span aria-live="polite">{copied ? 'Copied' : 'Copy the image'}</span>
        </Button>
      </div>
      <Failure error={save.error ?? copy.error} />
    </Dialog>
  );
}
