import { useEffect, useEffectEvent, useId, useRef, type ReactNode } from 'react';
import { Button } from './controls.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The browser's own modal dialog: it holds the focus, closes with Escape, and gives the focus back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const closed = useEffectEvent(() => onClose());
  useEffect(() => {
    const dialog = element.current;
    if (dialog === null) return;
    // Effects run twice while developing: the event of the first closing comes when it is open again.
    const onEnd = (): void => {
      if (!dialog.open) closed();
    };
    dialog.showModal();
    dialog.addEventListener('close', onEnd);
    return () => {
      dialog.removeEventListener('close', onEnd);
      dialog.close();
    };
  }, []);
  return (
    <dialog className="dialog" ref={element} aria-labelledby={heading}>
      <div className="dialog-head">
        <h2 id={heading}>{title}</h2>
        <Button kind="quiet" icon="close" aria-label="Close" onClick={() => element.current?.close()} />
      </div>
      <div className="dialog-body stack">{children}</div>
    </dialog>
  );
}
