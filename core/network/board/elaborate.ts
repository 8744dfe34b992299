import type { ContentId, Statement } from '../../record/index.ts';
import type { Elaboration } from './types.ts';

export interface ElaborationSource {
  nextToElaborate(): Statement | undefined;
  elaborated(id: ContentId, result: Elaboration): void;
  putBack(id: ContentId): void;
}

/** Elaborates a statement with `sorry` for its proof, in an environment that has seen no stranger's text. */
export type ElaborateStatement = (
  statement: Statement,
  options: { readonly signal: AbortSignal },
) => Promise<Elaboration>;

/**
 * Elaborates what waits on the board, one after another, until nothing waits. What was not done when it ends, by the
 * signal or by a fault of the checker, waits again.
 * @returns how many were elaborated
 * @throws the signal's reason, and whatever the checker throws
 */
export async function elaborateWaiting(
  board: ElaborationSource,
  elaborate: ElaborateStatement,
  { signal }: { readonly signal: AbortSignal },
): Promise<number> {
  let count = 0;
  for (;;) {
    signal.throwIfAborted();
    const statement = board.nextToElaborate();
    if (statement === undefined) return count;
    let result: Elaboration;
    try {
      result = await elaborate(statement, { signal });
    } catch (error) {
      board.putBack(statement.id);
      throw error;
    }
    board.elaborated(statement.id, result);
    count++;
  }
}
