/**
 * Open statements: packs of trusted curators, submissions of anyone under limits, and what became of them. Nothing here
 * reads a clock or the network: time and messages are given.
 *
 * @example
 * const trust = await TrustStore.open(dataDirectory, shipped);
 * const board = new OpenBoard({ trust, credibility, isClaimed, negate, isVerified, proofOf, now, tick });
 * board.restore(await loadBoard(dataDirectory));
 * board.acceptPack(decodePack(bytes));
 * for (const id of board.wanted(100)) board.putBody(await fetchStatement(id));
 * await elaborateWaiting(board, elaborate, { signal });       // now they are open
 */
export { loadBoard, saveBoard } from './board-file.ts';
export { OpenBoard } from './board.ts';
export type { OpenBoardComponents, OpenBoardInit } from './components.ts';
export { elaborateWaiting, type ElaborateStatement, type ElaborationSource } from './elaborate.ts';
export { DamagedBoardFileError, TrustStoreFullError } from './errors.ts';
export { makePack, type MakePackInit } from './make-pack.ts';
export type { StrangerLimits } from './stranger-shelf.ts';
export { shippedCuratorsSchema, TrustStore, type Curator, type ShippedCurator } from './trust-store.ts';
export type {
  BoardEvent,
  BoardItem,
  BoardSnapshot,
  DisproofOutcome,
  Elaboration,
  NoticeOutcome,
  PackOutcome,
  SeenVersion,
  StatementSource,
  StatementState,
  SubmissionOutcome,
} from './types.ts';
