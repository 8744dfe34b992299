import { lazy, Suspense, useEffect, useState } from 'react';
import { isNews, type ApiState, type ProofRow, type ProofView } from '../../core/api/index.ts';
import { Button } from '../components/controls.tsx';
import { Icon } from '../components/icon.tsx';
import { useAction, useNode, useNodeState } from '../store/hooks.ts';
import { hrefOf, parseRoute } from './routes.ts';

const ShareDialog = lazy(async () => ({
  default: (await import('../components/share-dialog.tsx')).ShareDialog,
}));

interface Toast {
  readonly proof: ProofRow;
  readonly title: string;
}

/** Whether the page shows the session that found it, which says so itself. */
function isWatched(state: ApiState | undefined, proof: ProofRow): boolean {
  const { screen, id } = parseRoute(location.hash);
  return (
    screen === 'prove' &&
    !document.hidden &&
    (state?.sessions.some((session) => session.id === id && session.statement === proof.statement) ?? false)
  );
}

const SHOWN = 3;
const STAY_MS = 12_000;

/** Says so when a proof is found: an own one, or one of a statement that the user watches. */
export function Toasts() {
  const store = useNode();
  const wanted = useNodeState(({ settings }) => settings.notifications);
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const [shared, setShared] = useState<ProofView>();
  const dismiss = (id: string): void => setToasts((now) => now.filter(({ proof }) => proof.id !== id));
  const share = useAction(async (proof: ProofRow) => {
    setShared((await store.call('bank.proof', { proof: proof.id })).proof);
    dismiss(proof.id);
  });

  useEffect(
    () =>
      store.onUpdate((update) => {
        if (update.kind !== 'event' || update.event.type !== 'bank:proof-added') return;
        if (!isNews(update.event, wanted)) return;
        const { how, proof } = update.event;
        if (isWatched(store.state, proof)) return;
        const title =
          how === 'found' ? 'A proof was found on this machine' : 'A statement that you watch was proved';
        setToasts((now) => [{ proof, title }, ...now].slice(0, SHOWN));
        setTimeout(() => dismiss(proof.id), STAY_MS);
      }),
    [store, wanted],
  );

  return (
    <>
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(({ proof, title }) => (
          <div className="toast" key={proof.id}>
            <Icon name="check" />
            <div className="wrap-anywhere">
              <strong>{title}</strong>
              <br />
              <a href={hrefOf('memory', proof.id)}>{proof.name}</a>
            </div>
            <Button
              small
              icon="share"
              aria-label={`Card of ${proof.name}`}
              pending={share.pending}
              onClick={() => share.run(proof)}
            >
              Card
            </Button>
            <Button
              kind="quiet"
              small
              icon="close"
              aria-label={`Dismiss: ${proof.name}`}
              onClick={() => dismiss(proof.id)}
            />
          </div>
        ))}
      </div>
      {shared !== undefined && (
        <Suspense>
          <ShareDialog view={shared} onClose={() => setShared(undefined)} />
        </Suspense>
      )}
    </>
  );
}
