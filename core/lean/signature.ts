import { elaborateResultSchema, type ElaborateRequest, type NameParts } from './protocol/index.ts';
import type { WorkerReply } from './worker.ts';

/*
 * What a theorem states, in Lean's own print: for people, who read it beside another. It decides nothing; what comes from
 * a worker that elaborated a submission is that submission's word.
 */

const MAX_SIGNATURE = 1000;

/** Asks Lean to print a theorem of a source. */
export function signatureRequest(
  imports: readonly string[],
  body: string,
  theorem: NameParts,
): ElaborateRequest {
  const name = ['_root_', ...theorem.map((part) => `«${part.replace(/[«»]/g, '')}»`)].join('.');
  return { op: 'elaborate', imports: ['Init', ...imports], source: `${body.trimEnd()}\n#check ${name}` };
}

/** The answer to a {@link signatureRequest}, on one line and without control characters; undefined where there is none. */
export function signatureOf(request: ElaborateRequest, reply: WorkerReply): string | undefined {
  if (reply.kind !== 'answered') return undefined;
  const result = elaborateResultSchema.safeParse(reply.result);
  const lastLine = request.source.split('\n').length;
  const printed = result.data?.diagnostics.findLast(
    ({ severity, position }) => severity === 'information' && position.line === lastLine,
  );
  // Other format characters (\p{Cf}) include those that reverse the direction of text.
  const text = printed?.message.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  if (text === undefined || text === '') return undefined;
  return text.length > MAX_SIGNATURE ? `${text.slice(0, MAX_SIGNATURE).toWellFormed()}…` : text;
}
