/** This node in the swarm: the network stage joined with the bank, Lean and the board. */
export { NetworkSwitch, type NetworkSwitchInit } from './network-switch.ts';
export { Swarm, type SwarmComponents, type SwarmInit } from './swarm.ts';
