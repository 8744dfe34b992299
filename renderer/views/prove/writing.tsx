import type { InferenceState, ReplyView, SessionView } from '../../../core/api/index.ts';
import { count } from '../../components/format.ts';
import { useNodeState } from '../../store/hooks.ts';
import { replyProgress, whyNothingIsWritten } from './writing-text.ts';

/** What a language model writes for a session at this moment, and where it writes nothing, why. */
export function Writing({ view }: { readonly view: SessionView }) {
  const { session, replies } = view;
  const inference = useNodeState((state) => state.inference);
  if (session.state !== 'running' || session.settings.policy === 'portfolio') return null;
  return (
    <section className="card" aria-labelledby="writing">
      <div className="card-head">
        <h2 id="writing">The model writes</h2>
        <Speed inference={inference} />
      </div>
      {replies.length === 0 ? (
        <p className="card-pad muted" role="status">
          {whyNothingIsWritten(view, inference)}
        </p>
      ) : (
        <ul className="plain-list">
          {replies.map((reply) => (
            <li key={reply.rollout} className="card-pad stack-small">
              <Reply reply={reply} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Of all that it writes, for other sessions too. */
function Speed({ inference: { stats } }: { readonly inference: InferenceState }) {
  if (stats === undefined || stats.slots.busy === 0) return null;
  return (
    <span className="small muted">
      {count(Math.round(stats.generatedTokensPerSecond))} tokens/s, {count(stats.slots.busy)} of{' '}
      {count(stats.slots.total)} places busy
    </span>
  );
}

function Reply({ reply }: { readonly reply: ReplyView }) {
  const name = `Rollout ${reply.rollout + 1}, round ${reply.round + 1}`;
  return (
    <>
      <span className="row row-between">
        <strong>{name}</strong>
        <span className="small muted">{replyProgress(reply)}</span>
      </span>
      {reply.text !== '' && (
        // Read out piece by piece it would drown everything else: whoever wants to hear it goes there.
        <pre className="lean lean-block reply-text" tabIndex={0} role="region" aria-label={`${name}, so far`}>
          {reply.omitted > 0 && '… '}
          {reply.text}
        </pre>
      )}
    </>
  );
}
