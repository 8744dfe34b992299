import { z } from 'zod';
import type { CuratorView } from '../api/index.ts';
import { openTrust } from '../node/curators.ts';
import { claimDataDirectory } from '../node/data-claim.ts';
import { connectToNode } from '../node/headless/index.ts';
import { locate } from '../node/index.ts';
import { peerIdSchema, type PeerId } from '../record/index.ts';
import { CommandError, EXIT } from './exit.ts';
import { formatTable, type Terminal } from './terminal.ts';

export const curatorsOptionsSchema = z.object({ data: z.string().optional(), json: z.boolean() });
export const addOptionsSchema = curatorsOptionsSchema.extend({ label: z.string().max(200) });
type Options = z.infer<typeof curatorsOptionsSchema>;

/** What can be done with the trusted keys, wherever they are held. */
interface Trust {
  list(): Promise<readonly CuratorView[]>;
  add(key: PeerId, label: string): Promise<boolean>;
  remove(key: PeerId): Promise<boolean>;
}

/** `proofswarm network curators list` */
export async function curatorsList(options: Options, terminal: Terminal): Promise<number> {
  const curators = await withTrust(options, false, (trust) => trust.list());
  if (options.json) for (const curator of curators) terminal.out.write(`${JSON.stringify(curator)}\n`);
  else {
    const rows = curators.map(({ key, label, shipped }) => [key, label, shipped ? 'the program' : 'you']);
    terminal.out.write(`${formatTable(['curator', 'label', 'trusted by'], rows)}\n`);
  }
  return EXIT.ok;
}

/** `proofswarm network curators add KEY`; ends with 1 where it was trusted before. */
export async function curatorsAdd(
  key: string,
  options: z.infer<typeof addOptionsSchema>,
  terminal: Terminal,
): Promise<number> {
  const curator = keyOf(key);
  const changed = await withTrust(options, true, (trust) => trust.add(curator, options.label));
  return tell(curator, changed, changed ? 'is trusted from now on' : 'was trusted before', options, terminal);
}

/** `proofswarm network curators remove KEY`; ends with 1 where it was not trusted. */
export async function curatorsRemove(key: string, options: Options, terminal: Terminal): Promise<number> {
  const curator = keyOf(key);
  const changed = await withTrust(options, true, (trust) => trust.remove(curator));
  return tell(curator, changed, changed ? 'is no longer trusted' : 'was not trusted', options, terminal);
}

function tell(curator: PeerId, changed: boolean, what: string, { json }: Options, { out }: Terminal): number {
  out.write(json ? `${JSON.stringify({ curator, changed })}\n` : `${curator} ${what}\n`);
  return changed ? EXIT.ok : EXIT.no;
}

/** Through the node that runs, which would not see what is written to its file, or on the file itself. */
async function withTrust<T>(
  options: Options,
  writes: boolean,
  work: (trust: Trust) => Promise<T>,
): Promise<T> {
  const { data } = locate(options.data);
  const node = await connectToNode(data);
  if (node !== undefined) {
    try {
      return await work({
        list: async () => (await node.call('network.curators', {})).curators,
        add: async (curator, label) => (await node.call('network.trust', { curator, label })).added,
        remove: async (curator) => (await node.call('network.distrust', { curator })).removed,
      });
    } finally {
      node.close();
    }
  }
  await using held = new AsyncDisposableStack();
  if (writes) held.use(await claimDataDirectory(data));
  const store = await openTrust(data);
  return await work({
    list: () => Promise.resolve(store.list()),
    add: (curator, label) => store.add(curator, label, Date.now()),
    remove: (curator) => store.remove(curator),
  });
}

function keyOf(text: string): PeerId {
  const parsed = peerIdSchema.safeParse(text);
  if (!parsed.success) throw new CommandError(`${text} is no peer id; expected 12D3KooW…`);
  return parsed.data;
}
