/**
 * Sharing work: claims as soft leases, and the allocator that chooses what this node tries next. Nothing here reads a
 * clock or the network: time and messages are given.
 */
export type { Candidate, Choice, ClaimOutcome, CredibilitySource, Strength } from './types.ts';
