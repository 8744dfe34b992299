import { ApiClient, httpTransport } from '../../api/index.ts';
import { readWebFile } from './web-file.ts';

/** A busy machine is slow; one that says nothing for so long hangs. */
const ANSWER_MS = 15_000;

/** A node that runs and does not answer. */
export class NodeSilentError extends Error {
  override readonly name = 'NodeSilentError';
}

/**
 * Talks to the node that runs in a data directory with a web host; undefined where none does.
 * @throws NodeSilentError where it does not answer
 */
export async function connectToNode(
  dataDirectory: string,
  answerMs: number = ANSWER_MS,
): Promise<ApiClient | undefined> {
  const web = await readWebFile(dataDirectory);
  if (web === undefined) return undefined;
  const limit = AbortSignal.timeout(answerMs);
  let answered = false;
  const send: typeof fetch = (input, init) =>
    fetch(input, {
      ...init,
      ...(answered ? {} : { signal: limit }),
      headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${web.bearer}` },
    });
  // Commands alone: who prints a table and ends needs no events.
  const silent = { onmessage: null, onerror: null, close: () => undefined };
  const transport = httpTransport({ base: `http://127.0.0.1:${web.port}`, fetch: send, open: () => silent });
  const client = new ApiClient(transport);
  try {
    await client.call('api.snapshot', {});
    answered = true;
    return client;
  } catch {
    client.close();
    if (limit.aborted)
      throw new NodeSilentError(
        `the node that runs with the data in ${dataDirectory} (process ${web.pid}) does not answer; end it, and start it anew`,
      );
    return undefined;
  }
}
