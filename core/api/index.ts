/**
 * What every face of a node speaks: commands, events and the state between them. Schemas and the few pure functions that
 * node and face must agree on; runs in Node and in a browser.
 *
 * @example
 * const client = new ApiClient(transport);
 * client.subscribe((update) => { if (update.kind !== 'disconnected') render(update.state); });
 * const { session } = await client.call('prove.start', {
 *   source: { kind: 'text', text: 'theorem t (a b : Nat) : a + b = b + a := by sorry' },
 * });
 */
export * from './areas/bank.ts';
export * from './areas/contributions.ts';
export * from './areas/donation.ts';
export * from './areas/home.ts';
export * from './areas/lean.ts';
export * from './areas/models.ts';
export * from './areas/network.ts';
export * from './areas/node.ts';
export * from './areas/prove.ts';
export * from './areas/settings.ts';
export * from './areas/statements.ts';
export { CARD_SIZE, type CardBridge, type CardWanted, type DesktopBridge } from './client/bridge.ts';
export { ApiClient, type ClientUpdate } from './client/client.ts';
export { isNews, ProofNewsDesk, type ProofNews } from './client/proof-news.ts';
export { httpTransport, type EventSourceLike, type HttpTransportInit } from './client/http-transport.ts';
export type { ApiTransport, TransportListener, TransportMessage } from './client/transport.ts';
export * from './commands.ts';
export * from './define.ts';
export * from './errors.ts';
export * from './events.ts';
export * from './inference.ts';
export * from './results.ts';
export * from './state.ts';
export * from './wire.ts';
