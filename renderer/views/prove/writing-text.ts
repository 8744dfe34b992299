import type { InferenceState, ReplyView, SessionView } from '../../../core/api/index.ts';
import { count, plural } from '../../components/format.ts';

/** A rate says nothing before so many milliseconds. */
const SETTLED_MS = 500;

/** How far a reply is, in a few words. */
export function replyProgress({ tokens, milliseconds, promptTokens }: ReplyView): string {
  if (tokens === 0) return `waits, or reads the prompt of ${plural(promptTokens, 'token')}`;
  const written = plural(tokens, 'token');
  if (milliseconds < SETTLED_MS) return written;
  return `${written}, ${count(Math.round((1000 * tokens) / milliseconds))} tokens/s`;
}

/** Of a session that runs, while no reply is written for it. */
export function whyNothingIsWritten(
  { checking, session }: Pick<SessionView, 'checking' | 'session'>,
  { phase, fraction = 0, detail = '' }: Pick<InferenceState, 'phase' | 'fraction' | 'detail'>,
): string {
  if (phase === 'loading') return `Nothing yet: the model is being loaded, ${Math.round(fraction * 100)}%.`;
  if (phase === 'crashed') return `Nothing: the model broke down (${detail}).`;
  if (checking.length > 0) return `Nothing now: Lean checks ${plural(checking.length, 'proposal')}.`;
  if (session.settings.policy === 'mixed') return 'Nothing now: it is another way’s turn.';
  return phase === 'off' ? 'Nothing: no model is loaded.' : 'Nothing now.';
}
