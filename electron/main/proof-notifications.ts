import { Notification } from 'electron';
import type { ApiEventOf, Settings } from '../../core/api/index.ts';
import type { ContentId } from '../../core/record/index.ts';

type ProofAdded = ApiEventOf<'bank:proof-added'>;

/** Proofs that come within so long are told of together. */
const GATHER_MS = 2000;
const MAX_NAME = 120;

/** Tells of proofs that this machine found, and of those of statements that the user watches. */
export class ProofNotifications {
  readonly #open: (statement: ContentId | undefined) => void;
  #gathered: ProofAdded[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Held until it is closed: one that is collected as garbage no longer answers a click. */
  readonly #shown = new Set<Notification>();

  constructor({ open }: { readonly open: (statement: ContentId | undefined) => void }) {
    this.#open = open;
  }

  hear(event: ProofAdded, wanted: Settings['notifications']): void {
    const own = event.how === 'found' && wanted.ownProofs;
    const watched = event.how !== 'imported' && event.watched && wanted.watchedStatements;
    if (!own && !watched) return;
    this.#gathered.push(event);
    this.#timer ??= setTimeout(() => this.#tell(), GATHER_MS);
  }

  show(title: string, body: string, statement?: ContentId): void {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    this.#shown.add(notification);
    notification.on('click', () => this.#open(statement));
    notification.on('close', () => this.#shown.delete(notification));
    notification.show();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    const proofs = this.#gathered;
    this.#gathered = [];
    this.#timer = undefined;
    const [first] = proofs;
    if (first === undefined) return;
    // Names come from strangers, too.
    const names = proofs.slice(0, 3).map(({ proof }) => plain(proof.name));
    const more = proofs.length > names.length ? ` and ${proofs.length - names.length} more` : '';
    const title = proofs.length === 1 ? headline(first) : `${proofs.length} proofs found`;
    this.show(title, `${names.join(', ')}${more}`, proofs.length === 1 ? first.proof.statement : undefined);
  }
}

const headline = ({ how }: ProofAdded): string =>
  how === 'found' ? 'Proof found on this machine' : 'A statement you watch was proved';

const plain = (name: string): string => name.replaceAll(/[\p{C}<>&]/gu, '').slice(0, MAX_NAME);
