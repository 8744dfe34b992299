/**
 * A node for its faces: every command of core/api over the real parts, and every event.
 *
 * @example
 * await using node = await openNode({ locations: locate() });
 * node.service.subscribe((message) => send(message));
 * const { session } = await node.service.call('prove.start', { source: { kind: 'statement', statement } });
 */
export { toApiError } from './dispatch.ts';
export type { SeenUpTo } from './hub.ts';
export { NETWORK_OFF, type NetworkPort, type NetworkStatement, type PublishRequest } from './network-port.ts';
export { openNode, type OpenNode, type OpenNodeOptions } from './open.ts';
export type { NodeServiceComponents } from './components.ts';
export { NodeService } from './service.ts';
export { recordOf } from './text.ts';
export { LocalWork, type WorkSource } from './work.ts';
