import { z } from 'zod';

/** What a command takes and what it answers. */
export interface CommandSpec<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I;
  readonly output: O;
}

export const command = <I extends z.ZodType, O extends z.ZodType>(
  input: I,
  output: O,
): CommandSpec<I, O> => ({
  input,
  output,
});

/** Of commands that take or answer nothing. */
export const nothing = z.strictObject({});

export const MAX_PAGE = 200;

/** Which part of a list is wanted. A list of 100,000 is read in pages: the next begins where `next` of the last says. */
export const pageRequestShape = {
  /** From the page before; absent for the first. Opaque: it holds as long as the list's filter stays the same. */
  cursor: z.string().max(500).optional(),
  limit: z.int().min(1).max(MAX_PAGE).default(50),
};

/** Of lists of any length that are looked at anywhere: instead of a cursor, how many items to leave out. */
export const windowRequestShape = { ...pageRequestShape, offset: z.int().min(0).max(100_000_000).optional() };

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item).max(MAX_PAGE),
    /** Absent on the last page. */
    next: z.string().max(500).optional(),
    /** How many there are in all, where that is known. */
    total: z.int().nonnegative().optional(),
  });

/** Milliseconds since 1970. */
export const timeSchema = z.number().nonnegative();

/** A line of text that a face shows: bounded, so that no peer and no file can fill the screen. */
export const lineSchema = z.string().max(2000);

/** A path on the machine that the node runs on. */
export const pathSchema = z
  .string()
  .min(1)
  .max(4096)
  .refine((text) => !text.includes('\0'), 'a path holds no NUL');

/** Lean source in an editor; a record holds as much. */
export const MAX_EDITOR_TEXT = 200_000;
export const editorTextSchema = z.string().max(MAX_EDITOR_TEXT);

/** Ids that the node gives to what lives in this process only: sessions, imports, downloads. */
export const handleSchema = z.string().regex(/^[a-z0-9-]{1,64}$/);
