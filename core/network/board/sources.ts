import { DEFAULT_PRIORITY, type PeerId } from '../../record/index.ts';
import type { StatementSource } from './types.ts';

/** What strangers put up comes after what no curator says anything about. */
const STRANGERS_PRIORITY = DEFAULT_PRIORITY - 2;
const LOCAL_PRIORITY = 9;

/** With one more, or with what is new about one that is there. */
export function withSource(sources: readonly StatementSource[], source: StatementSource): StatementSource[] {
  return [...sources.filter((other) => sourceKey(other) !== sourceKey(source)), source];
}

function sourceKey(source: StatementSource): string {
  switch (source.kind) {
    case 'pack':
      return `pack ${source.curator} ${source.pack}`;
    case 'submission':
      return `submission ${source.submitter}`;
    case 'local':
      return 'local';
  }
}

/** The highest that a source gives. */
export function priorityOf(sources: readonly StatementSource[]): number {
  return Math.max(
    ...sources.map((source) => {
      switch (source.kind) {
        case 'pack':
          return source.priority;
        case 'submission':
          return STRANGERS_PRIORITY;
        case 'local':
          return LOCAL_PRIORITY;
      }
    }),
  );
}

export const isSubmission = (source: StatementSource): boolean => source.kind === 'submission';
/** Of one curator's pack. */
export const ofPack =
  (curator: PeerId, pack: string) =>
  (source: StatementSource): boolean =>
    source.kind === 'pack' && source.curator === curator && source.pack === pack;
/** Put up by this peer, as curator or submitter. */
export const isOf =
  (issuer: PeerId) =>
  (source: StatementSource): boolean =>
    (source.kind === 'pack' && source.curator === issuer) ||
    (source.kind === 'submission' && source.submitter === issuer);
