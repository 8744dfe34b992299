/**
 * The records that every stage, face and peer shares: schemas, canonical encoding, content ids and signatures.
 * Runs in Node and in a browser; imports nothing else of ours.
 */
export * from './attempt.ts';
export * from './board-records.ts';
export * from './canonical.ts';
export * from './claimed.ts';
export * from './compose.ts';
export * from './describe-invalid.ts';
export * from './environment.ts';
export * from './errors.ts';
export * from './identity.ts';
export * from './profile.ts';
export * from './signed-kind.ts';
export * from './signed.ts';
export * from './statement-pack.ts';
export * from './statement.ts';
export * from './text.ts';
export * from './verdict.ts';
export * from './work-claim.ts';
export type * from './verified.ts';
