/**
 * Open statements: packs of trusted curators, submissions of anyone under limits, and what became of them. Nothing here
 * reads a clock or the network: time and messages are given.
 */
export type {
  BoardEvent,
  BoardItem,
  BoardSnapshot,
  DisproofOutcome,
  PackOutcome,
  StatementSource,
  StatementState,
  SubmissionOutcome,
} from './types.ts';
