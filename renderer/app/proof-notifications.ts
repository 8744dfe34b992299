import { CARD_SIZE, ProofNewsDesk, type ProofNews } from '../../core/api/index.ts';
import type { ContentId } from '../../core/record/index.ts';
import type { NodeStore } from '../store/node-store.ts';
import { desktop } from './transport/open-transport.ts';
import { go } from './use-route.ts';

/** What browsers know of it that show images; TypeScript's library does not. */
type Options = NotificationOptions & { readonly image?: string };

/** The system's notifications of a page in a browser: the desktop app shows its own. Returns its undo. */
export function followProofs(store: NodeStore): () => void {
  return desktop() === undefined ? notifyInBrowser(store) : () => undefined;
}

/** Loaded at the first need: few who open the page see a card. */
const draw = async (store: NodeStore, proof: ContentId): Promise<string> => {
  const [{ cardImage }, { proof: view }] = await Promise.all([
    import('../components/card-image.ts'),
    store.call('bank.proof', { proof }),
  ]);
  const theme = document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light';
  return cardImage(view, theme, CARD_SIZE);
};

function notifyInBrowser(store: NodeStore): () => void {
  if (!('Notification' in window)) return () => undefined;
  const desk = new ProofNewsDesk((news) => void show(store, news));
  const undo = store.onUpdate((update) => {
    if (update.kind !== 'event' || update.event.type !== 'bank:proof-added') return;
    // Whoever looks at the page sees it there.
    if (!document.hidden || Notification.permission !== 'granted') return;
    desk.hear(update.event, update.state.settings.notifications);
  });
  return () => {
    undo();
    desk.stop();
  };
}

async function show(store: NodeStore, { title, body, proof }: ProofNews): Promise<void> {
  const image = proof && (await draw(store, proof.id).catch(() => undefined));
  // Several windows of one page tell of it once.
  const options: Options = {
    body,
    tag: proof?.id ?? 'proofs',
    ...(image === undefined ? {} : { image, icon: image }),
  };
  const notification = new Notification(title, options);
  notification.onclick = () => {
    window.focus();
    go('memory', proof?.id);
    notification.close();
  };
}
