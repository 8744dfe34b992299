import type { RejectionReason, Statement, Verdict, VerdictOf } from '../record/index.ts';
import type { ElaborateResult } from './protocol/index.ts';
import type { WorkerReply } from './worker.ts';

const TIMEOUT_KIND = 'runtime.maxHeartbeats';

export const missing = ({ name }: Pick<Statement, 'name'>): string =>
  `the submission holds no theorem ${name}`;

export function rejected(
  reason: RejectionReason,
  detail: string,
  milliseconds: number,
): VerdictOf<'rejected'> {
  return { kind: 'rejected', reason, detail, diagnostics: [], milliseconds };
}

/** Where a back end gave no answer. */
export function unanswered(reply: Exclude<WorkerReply, { kind: 'answered' }>, milliseconds: number): Verdict {
  switch (reply.kind) {
    case 'exhausted':
      return { kind: 'exhausted', resource: reply.resource, detail: reply.detail, milliseconds };
    case 'refused':
      return rejected('environment-mismatch', reply.detail, milliseconds);
    case 'crashed':
      return { kind: 'crashed', detail: reply.detail, milliseconds };
  }
}

/** Where a submission was elaborated and nothing was exported. */
export function withoutExport(result: ElaborateResult, statement: Statement, milliseconds: number): Verdict {
  const { diagnostics, exported } = result;
  if (result.failed || exported === undefined) {
    const timeout = diagnostics.find((d) => d.severity === 'error' && d.kind === TIMEOUT_KIND);
    if (timeout !== undefined) {
      return { kind: 'exhausted', resource: 'heartbeats', detail: timeout.message, milliseconds };
    }
    return { kind: 'failed', diagnostics, goals: diagnostics.flatMap((d) => d.goals ?? []), milliseconds };
  }
  const reject = (reason: RejectionReason, detail: string): Verdict => ({
    ...rejected(reason, detail, milliseconds),
    diagnostics,
  });
  switch (exported.kind) {
    case 'missing':
      return reject('theorem-missing', missing(statement));
    case 'unsafe':
      return reject('unsafe-declaration', `the proof uses ${exported.name}, which is unsafe or partial`);
    case 'runs-code':
    case 'unfinished':
      return reject('malformed-export', 'an answer that only a statement can have');
    case 'too-large':
      return reject('malformed-export', exported.detail);
    case 'exported':
      throw new TypeError('an export is there');
  }
}
