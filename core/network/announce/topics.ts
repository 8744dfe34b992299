import { contentId, type ContentId, type Environment } from '../../record/index.ts';

const PREFIX = '/proofswarm/1';

/** The topic that all nodes listen to. */
export const SWARM_TOPIC = `${PREFIX}/swarm`;

/** Names an environment: two nodes agree on it exactly where they agree on the environment. */
const environmentId = (environment: Environment): ContentId => contentId(environment);

export const environmentTopic = (environment: Environment): string =>
  `${PREFIX}/env/${environmentId(environment)}`;

export const topicsOf = (environments: readonly Environment[]): string[] => [
  SWARM_TOPIC,
  ...new Set(environments.map(environmentTopic)),
];
