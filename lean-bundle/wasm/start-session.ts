import { imageFile, restoreImage } from './memory-image.ts';
import type { PreparedLean } from './prepare.ts';
import { startLean, type LeanRuntime } from './runtime.ts';
import { LeanSession } from './session.ts';

export interface StartedSession {
  readonly session: LeanSession;
  readonly runtime: LeanRuntime;
  /** Whether it was started from the kept image of its memory. */
  readonly restored: boolean;
}

/**
 * Lean in this process, from the image of its memory where one is kept, and else from its beginnings.
 * @throws LeanBundleError where the module does not start
 */
export async function startSession(
  prepared: PreparedLean,
  options: { readonly train?: boolean } = {},
): Promise<StartedSession> {
  const runtime = await startLean(prepared, options);
  const image = restoreImage(runtime, imageFile(prepared.directory));
  if (image === undefined) return { session: LeanSession.initialise(runtime), runtime, restored: false };
  if (!image.spoilt) return { session: LeanSession.resume(runtime, image.header), runtime, restored: true };
  const another = await startLean(prepared, options);
  return { session: LeanSession.initialise(another), runtime: another, restored: false };
}
