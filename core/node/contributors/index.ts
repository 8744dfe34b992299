/** Who contributes, by their own words, and what this node's processes have spent on statements. */
export {
  COMPUTE_KINDS,
  ComputeLog,
  MAX_COMPUTE_DAYS,
  type ComputeKind,
  type ComputeSeconds,
} from './compute-log.ts';
export { BusyTime } from './busy-time.ts';
export { ComputeMeter } from './compute-meter.ts';
export { OwnProfile, type ProfileChoice } from './own-profile.ts';
export { MAX_AHEAD_MS, MAX_PROFILES, ProfileBook, RENEWAL_MS, type ProfileOutcome } from './profile-book.ts';
