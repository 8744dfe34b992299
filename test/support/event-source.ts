import type { EventSourceLike } from '../../core/api/index.ts';

/** Server-sent events for Node, as far as a client of a web host needs them; what is lost is not fetched again. */
export function openEventSource(url: string, headers: Readonly<Record<string, string>>): EventSourceLike {
  const closing = new AbortController();
  const source: EventSourceLike = { onmessage: null, onerror: null, close: () => closing.abort() };
  const read = async (): Promise<void> => {
    const response = await fetch(url, { headers, signal: closing.signal });
    if (response.body === null) throw new Error('no events');
    let rest = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const messages = (rest + text).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        const data = message.split('\n').filter((line) => line.startsWith('data: '));
        if (data.length > 0) source.onmessage?.({ data: data.map((line) => line.slice(6)).join('\n') });
      }
    }
  };
  // Its listeners are set by whoever opens it, in the same turn.
  queueMicrotask(() => {
    read().catch(() => {
      if (!closing.signal.aborted) source.onerror?.();
    });
  });
  return source;
}
