/** A node without a face of its own: run by the command line, talked to through its web host. */
export { NodeRunningError } from '../data-claim.ts';
export { connectToNode } from './node-client.ts';
export { runNode, type RunningNode, type RunNodeOptions } from './run-node.ts';
