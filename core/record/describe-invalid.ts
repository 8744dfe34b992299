import { z } from 'zod';

/** What a schema refused, in one line: the first complaint, after the place it is about. Rethrows what is no schema's refusal. */
export function describeInvalid(error: unknown): string {
  if (!(error instanceof z.ZodError)) throw error;
  const issue = error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  return path === '' ? (issue?.message ?? 'invalid') : `${path}: ${issue?.message ?? 'invalid'}`;
}
