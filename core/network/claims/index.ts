/**
 * Sharing work: claims as soft leases, and the allocator that chooses what this node tries next. Nothing here reads a
 * clock or the network: time and messages are given.
 *
 * @example
 * const allocator = new Allocator({ credibility, random: Math.random }, { strength });
 * const leases = new WorkLeases({ nonce: () => randomBytes(8) }, { claimant: identity.peer });
 * board.subscribe((event) => …);                      // opened → allocator.put, closed → allocator.remove
 * network.onClaim((claim) => allocator.heard(claim.record, performance.now()));
 * const [choice] = allocator.choose(1, performance.now());
 * announce(signWorkClaim(leases.begin(choice.statement, method, Date.now()), identity));
 */
export { Allocator, type AllocatorComponents, type AllocatorInit } from './allocator.ts';
export type { ClaimTableInit } from './claim-table.ts';
export { Credibility } from './credibility.ts';
export type { Method } from './effort-ledger.ts';
export type { Candidate, Choice, ClaimOutcome, CredibilitySource, Strength } from './types.ts';
export {
  WorkLeases,
  type WorkLeasesComponents,
  type WorkLeasesInit,
  type WorkMethod,
} from './work-leases.ts';
