/*
 * Apart from the schemas: a Lean process loads these, and need not load what it takes to look at records, at each start.
 */

/** Of the messages that are told of one source. */
export const MESSAGE_LIMITS = { count: 100, characters: 20_000 } as const;

/** What a worker writes to standard error before it ends itself because of its memory. */
export const MEMORY_NOTICE = 'proofswarm-lean: memory limit';
