import type { ProofRow } from '../areas/bank.ts';
import type { Settings } from '../areas/settings.ts';
import type { ApiEventOf } from '../events.ts';

type ProofAdded = ApiEventOf<'bank:proof-added'>;

/** What a notification says of proofs that have just come. */
export interface ProofNews {
  readonly title: string;
  readonly body: string;
  /** Where it is about one alone. */
  readonly proof?: ProofRow;
}

/** Proofs that come within so long are told of together. */
const GATHER_MS = 2000;
const NAMED = 3;
const MAX_NAME = 120;

/** Whether the user wants to hear of a proof: one of this machine's own, or of a statement that they watch. */
export function isNews(
  { how, watched }: Pick<ProofAdded, 'how' | 'watched'>,
  wanted: Settings['notifications'],
): boolean {
  return (how === 'found' && wanted.ownProofs) || (how !== 'imported' && watched && wanted.watchedStatements);
}

/** Makes one piece of news of proofs that come together. */
export class ProofNewsDesk {
  readonly #tell: (news: ProofNews) => void;
  #gathered: ProofAdded[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (news: ProofNews) => void) {
    this.#tell = tell;
  }

  hear(event: ProofAdded, wanted: Settings['notifications']): void {
    if (!isNews(event, wanted)) return;
    this.#gathered.push(event);
    this.#timer ??= setTimeout(() => this.#publish(), GATHER_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #publish(): void {
    const proofs = this.#gathered;
    this.#gathered = [];
    this.#timer = undefined;
    const [first, ...others] = proofs;
    if (first === undefined) return;
    const names = proofs.slice(0, NAMED).map(({ proof }) => plain(proof.name));
    const more = proofs.length > NAMED ? ` and ${proofs.length - NAMED} more` : '';
    const body = `${names.join(', ')}${more}`;
    if (others.length > 0) this.#tell({ title: `${proofs.length} proofs found`, body });
    else this.#tell({ title: headline(first), body, proof: first.proof });
  }
}

const headline = ({ how }: ProofAdded): string =>
  how === 'found' ? 'Proof found on this machine' : 'A statement you watch was proved';

/** Names come from strangers, and desktops may take them for markup. */
const plain = (name: string): string => name.replaceAll(/[\p{C}<>&]/gu, '').slice(0, MAX_NAME);
