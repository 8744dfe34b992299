import { z } from 'zod';
import { bankEvents } from './areas/bank.ts';
import { contributionsEvents } from './areas/contributions.ts';
import { donationEvents } from './areas/donation.ts';
import { homeEvents } from './areas/home.ts';
import { modelsEvents } from './areas/models.ts';
import { networkEvents } from './areas/network.ts';
import { nodeEvents } from './areas/node.ts';
import { proveEvents } from './areas/prove.ts';
import { settingsEvents } from './areas/settings.ts';
import { statementsEvents } from './areas/statements.ts';
import { inferenceEventSchema } from './inference.ts';

/** Everything that a node tells its faces by itself. */
export const apiEventSchema = z.discriminatedUnion('type', [
  ...nodeEvents,
  ...donationEvents,
  ...homeEvents,
  ...proveEvents,
  ...statementsEvents,
  ...bankEvents,
  ...networkEvents,
  ...contributionsEvents,
  ...modelsEvents,
  ...settingsEvents,
  ...inferenceEventSchema.options,
]);
export type ApiEvent = z.infer<typeof apiEventSchema>;
export type ApiEventOf<T extends ApiEvent['type']> = Extract<ApiEvent, { type: T }>;
