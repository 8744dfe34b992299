import { ApiClient, httpTransport } from '../../api/index.ts';
import { readWebFile } from './web-file.ts';

/** Talks to the node that runs in a data directory with a web host; undefined where none does. */
export async function connectToNode(dataDirectory: string): Promise<ApiClient | undefined> {
  const web = await readWebFile(dataDirectory);
  if (web === undefined) return undefined;
  const send: typeof fetch = (input, init) =>
    fetch(input, {
      ...init,
      headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${web.bearer}` },
    });
  // Commands alone: who prints a table and ends needs no events.
  const silent = { onmessage: null, onerror: null, close: () => undefined };
  const transport = httpTransport({ base: `http://127.0.0.1:${web.port}`, fetch: send, open: () => silent });
  const client = new ApiClient(transport);
  try {
    await client.call('api.snapshot', {});
    return client;
  } catch {
    client.close();
    return undefined;
  }
}
