import { nodeRuns } from './data-claim.ts';
import type { Finding } from './finding.ts';
import { connectToNode, NodeSilentError } from './headless/node-client.ts';
import type { Locations } from './locations.ts';

const topic = 'network';
const OFFLINE = 'proofswarm prove uses none and tells nobody anything';

/** Whether a node runs with the data directory, and how it stands in the swarm. */
export async function network({ data }: Locations, answerMs?: number): Promise<Finding> {
  let client;
  try {
    client = await connectToNode(data, answerMs);
  } catch (error) {
    if (!(error instanceof NodeSilentError)) throw error;
    return { topic, state: 'problem', detail: error.message };
  }
  if (client === undefined) {
    const detail = (await nodeRuns(data))
      ? `a node runs here that the command line cannot ask, such as the app's; ${OFFLINE}`
      : `no node runs here; ${OFFLINE}`;
    return { topic, state: 'note', detail };
  }
  try {
    const { state, peers, detail } = (await client.call('api.snapshot', {})).state.network;
    if (state === 'on') {
      const others = peers === 1 ? '1 peer' : `${peers} peers`;
      return {
        topic,
        state: 'ok',
        detail: `the node that runs here is in the swarm with ${others}; ${OFFLINE}`,
      };
    }
    if (state !== 'failed') {
      return {
        topic,
        state: 'note',
        detail: `the node that runs here is not in the swarm (${state}); ${OFFLINE}`,
      };
    }
    return {
      topic,
      state: 'problem',
      detail: `the node that runs here could not join the swarm: ${detail ?? 'it does not say why'}`,
      remedy: 'mend the network settings, or start the node anew',
    };
  } finally {
    client.close();
  }
}
