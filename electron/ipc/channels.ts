/** Channels between a page and the main process. The preload script is bundled from this file, so it imports nothing. */
export const CHANNELS = {
  /** Page → main, answered: a command of core/api. */
  call: 'proofswarm:call',
  /** Page → main: the page no longer waits for a command. */
  cancel: 'proofswarm:cancel',
  /** Page → main: begin to send messages, with a snapshot first. */
  subscribe: 'proofswarm:subscribe',
  unsubscribe: 'proofswarm:unsubscribe',
  /** Main → page: a `TransportMessage`. */
  message: 'proofswarm:message',
  /** Page → main, answered: the system's file dialogs. */
  pickPath: 'proofswarm:pick-path',
  /** Main → the page that draws cards: a `CardWanted`. */
  cardWanted: 'proofswarm:card-wanted',
  /** The page that draws cards → main: a card. */
  card: 'proofswarm:card',
} as const;
