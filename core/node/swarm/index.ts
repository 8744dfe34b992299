/** This node in the swarm: the network stage joined with the bank, Lean and the board. */
export { Swarm, type SwarmComponents, type SwarmInit } from './swarm.ts';
