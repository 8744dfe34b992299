/**
 * OProver's repair loop. A policy proposes, the checker judges, and what Lean said goes into the next round.
 *
 * @example
 * const outcome = await prove(
 *   statement,
 *   { policy, checker, retriever, sink },
 *   { rollouts: 4, rounds: 8, seconds: 60, retrieve: 4 },
 *   { signal, onEvent: (event) => console.log(event.type) },
 * );
 * if (outcome.solved) await bank.insert(outcome.proof);
 */
export { prove } from './prove.ts';
export { repairSettingsSchema, type RepairSettings, type RepairSettingsInput } from './settings.ts';
export type * from './types.ts';
