import { leanMessageSchema, MessageCollector } from '../../core/lean/protocol/messages.ts';
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
  const collected = new MessageCollector(firstColumnOffset);
  for (const log of logs) {
    const messages = api.l_Lean_MessageLog_toArray(objects.retain(log));
    const size = objects.arraySize(messages);
    for (let i = 0; i < size; i++) {
      const json = api.l_Lean_Message_toJson(objects.retain(objects.element(messages, i)));
      const text = api.l_Lean_Json_compress(json);
      collected.add(leanMessageSchema.parse(JSON.parse(objects.text(text))));
      objects.release(text);
    }
    objects.release(messages);
  }
  const { diagnostics, omitted, failed } = collected;
  return { diagnostics, omitted, failed };
}
