import {
  DEFAULT_PRIORITY,
  signPack,
  type ContentId,
  type Identity,
  type SignedPack,
  type Statement,
} from '../../record/index.ts';

export interface MakePackInit {
  readonly name: string;
  /** Above every version of this name that was published before. */
  readonly version: number;
  readonly description: string;
  /** An SPDX expression. */
  readonly licence: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly links?: string[];
  /** 0 to 9; 4 for all unless set. */
  readonly priorityOf?: (statement: Statement) => number;
}

/**
 * Makes and signs a pack of statements, each once.
 * @throws ZodError where a field does not fit; InvalidRecordError above the size of a pack
 */
export function makePack(
  statements: readonly Statement[],
  init: MakePackInit,
  curator: Identity,
): SignedPack {
  const { priorityOf, ...fields } = init;
  const priorities = new Map<ContentId, number>();
  for (const statement of statements) {
    priorities.set(statement.id, priorityOf?.(statement) ?? DEFAULT_PRIORITY);
  }
  const entries = [...priorities]
    .map(([statement, priority]) => ({ statement, priority }))
    .toSorted((a, b) => (a.statement < b.statement ? -1 : 1));
  return signPack({ ...fields, curator: curator.peer, entries }, curator);
}
