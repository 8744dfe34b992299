import { z } from 'zod';
import { CARD_SIZE, handleSchema, lineSchema } from '../../core/api/index.ts';
import { contentIdSchema } from '../../core/record/index.ts';

/** What a page may send, channel by channel, as the list of its arguments. */

/** The command's own input is parsed by its schema once its name is known. */
export const callArgumentsSchema = z.tuple([handleSchema, z.string().min(1).max(64), z.unknown()]);

export const cancelArgumentsSchema = z.tuple([handleSchema]);

export const noArgumentsSchema = z.tuple([]);

export const PATH_KINDS = ['open-file', 'open-directory', 'save-file'] as const;
export type PathKind = (typeof PATH_KINDS)[number];

/** A suggestion is a file's name, never a way to somewhere. */
export const pickPathArgumentsSchema = z.tuple([
  z.enum(PATH_KINDS),
  lineSchema
    .max(255)
    .regex(/^[^/\\\0]+$/, 'expected a file name')
    .optional(),
]);

/** What is within the address is looked at by whoever waits for it. */
export const cardArgumentsSchema = z.tuple([
  contentIdSchema,
  z.string().max(CARD_SIZE.characters).startsWith('data:image/png;base64,'),
]);
