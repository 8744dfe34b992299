import type { OpenBoard } from '../../network/board/index.ts';
import type { ContentId, SignedProof, Statement } from '../../record/index.ts';
import { negate } from '../../statement/index.ts';

/** The statement that says the negation, or undefined where it cannot be stated. */
export function negationOf(statement: Statement): Statement | undefined {
  const negation = negate(statement);
  return negation.kind === 'stated' ? negation.statement : undefined;
}

/** How `negate` names what it states. */
const NAMED = /^(.*)_disproof(»?)$/su;

/** The statement on the board that a proven one is the negation of. */
export function disprovenBy(board: Pick<OpenBoard, 'entries'>, proven: Statement): Statement | undefined {
  const [, stem, close = ''] = NAMED.exec(proven.name) ?? [];
  if (stem === undefined) return undefined;
  for (const { statement } of board.entries()) {
    if (statement.name === `${stem}${close}` && negationOf(statement)?.id === proven.id) return statement;
  }
  return undefined;
}

/** Marks what the bank disproves on the board: of one that has just been opened, and of one that was just proved. */
export class Disproofs {
  readonly #board: Pick<OpenBoard, 'entries' | 'markDisproved'>;
  readonly #proofOf: (statement: ContentId) => ContentId | undefined;

  constructor(
    board: Pick<OpenBoard, 'entries' | 'markDisproved'>,
    proofOf: (statement: ContentId) => ContentId | undefined,
  ) {
    this.#board = board;
    this.#proofOf = proofOf;
  }

  opened(statement: Statement): void {
    const negation = negationOf(statement);
    const proof = negation && this.#proofOf(negation.id);
    if (proof !== undefined) this.#board.markDisproved(statement.id, proof);
  }

  /** @returns the statement that it disproves */
  proved(proof: Pick<SignedProof, 'id'>, statement: Statement): Statement | undefined {
    const disproven = disprovenBy(this.#board, statement);
    if (disproven !== undefined) this.#board.markDisproved(disproven.id, proof.id);
    return disproven;
  }
}
