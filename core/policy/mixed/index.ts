/**
 * A quick policy and a language model as one ProofPolicy that learns how to divide a statement's budget between them.
 *
 * @example
 * const policy = await MixedPolicy.open({ quick: portfolio(), model: llamaPolicy({ engine }), store }, { modelId });
 * const outcome = await prove(statement, { policy, checker }, { rounds: 32 });
 * await policy.learn(statement, outcome);
 * for (const { why } of policy.explain(statement)) console.log(why);
 */
export { LEAST_SHARE } from './bandit.ts';
export { learntShares, MixedPolicy, type MixedComponents, type MixedSettings } from './policy.ts';
export {
  ARMS,
  type Arm,
  type ArmShare,
  type MixedEvent,
  type MixedStore,
  type RoundPolicy,
  type StatementEnd,
} from './types.ts';
