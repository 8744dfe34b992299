import { MESSAGE_LIMITS } from '../../core/lean/protocol/index.ts';
import { leanMessageSchema, toDiagnostic } from '../../core/lean/protocol/messages.ts';
import type { Diagnostic } from '../../core/record/index.ts';
import type { LeanObjects, Ref } from './objects.ts';

export interface CollectedMessages {
  readonly diagnostics: Diagnostic[];
  readonly omitted: number;
  readonly failed: boolean;
}

/**
 * Reads message logs, borrowed.
 * @param firstColumnOffset characters that were put before the source's first line
 */
export function collectMessages(
  objects: LeanObjects,
  logs: readonly Ref[],
  firstColumnOffset: number,
): CollectedMessages {
  const { api } = objects;
  const diagnostics: Diagnostic[] = [];
  let failed = false;
  let count = 0;
  for (const log of logs) {
    const messages = api.l_Lean_MessageLog_toArray(objects.retain(log));
    const size = objects.arraySize(messages);
    for (let i = 0; i < size; i++) {
      const json = api.l_Lean_Message_toJson(objects.retain(objects.element(messages, i)));
      const text = api.l_Lean_Json_compress(json);
      const message = leanMessageSchema.parse(JSON.parse(objects.text(text)));
      objects.release(text);
      failed ||= message.severity === 'error';
      if (diagnostics.length < MESSAGE_LIMITS.count)
        diagnostics.push(toDiagnostic(message, firstColumnOffset));
    }
    objects.release(messages);
    count += size;
  }
  return { diagnostics, omitted: count - diagnostics.length, failed };
}
