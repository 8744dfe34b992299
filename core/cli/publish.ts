import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from '../api/index.ts';
import { EXIT, CommandError } from './exit.ts';
import { runningNode } from './network.ts';
import { readStatementFile } from './read-statements.ts';
import { printable, type Terminal } from './terminal.ts';

export const publishOptionsSchema = z.object({
  name: z.string(),
  description: z.string(),
  licence: z.string(),
  data: z.string().optional(),
  json: z.boolean(),
});

const LOOK_MS = 100;

/** `proofswarm statements publish FILE` */
export async function statementsPublish(
  file: string,
  options: z.infer<typeof publishOptionsSchema>,
  terminal: Terminal,
): Promise<number> {
  const client = await runningNode(options.data);
  try {
    const statements = await readStatementFile(file, terminal);
    await importAll(client, path.resolve(file));
    const { name, description, licence } = options;
    const ids = statements.map(({ id }) => id);
    const published = await client.call('statements.publish', {
      statements: ids,
      name,
      description,
      licence,
    });
    if (options.json) terminal.out.write(`${JSON.stringify(published)}\n`);
    else {
      terminal.out.write(
        `Published ${ids.length} statements as ${name}, version ${published.version} (${published.pack}); ${published.peers} peers heard of it.\n`,
      );
    }
    return EXIT.ok;
  } finally {
    client.close();
  }
}

export const withdrawOptionsSchema = z.object({
  misstated: z.boolean(),
  detail: z.string(),
  data: z.string().optional(),
  json: z.boolean(),
});

/** `proofswarm statements withdraw ID`: by the id, or the beginning of it. */
export async function statementsWithdraw(
  prefix: string,
  { misstated, detail, data, json }: z.infer<typeof withdrawOptionsSchema>,
  terminal: Terminal,
): Promise<number> {
  const client = await runningNode(data);
  try {
    const { items } = await client.call('statements.list', { query: prefix, limit: 2 });
    const found = items.filter(({ id }) => id.startsWith(prefix));
    const [first, ...others] = found;
    if (first === undefined) throw new CommandError(`no statement's id begins with ${prefix}`, EXIT.no);
    if (others.length > 0) throw new CommandError(`several ids begin with ${prefix}`);
    const status = misstated ? 'misstated' : 'withdrawn';
    const { peers } = await client.call('statements.notice', { statement: first.id, status, detail });
    if (json) terminal.out.write(`${JSON.stringify({ statement: first.id, status, peers })}\n`);
    else terminal.out.write(printable(`${first.name} is ${status}; ${peers} peers heard of it.\n`));
    return EXIT.ok;
  } finally {
    client.close();
  }
}

/** The node reads the file itself; its answer comes when it has begun. */
async function importAll(client: ApiClient, file: string): Promise<void> {
  const { report } = await client.call('statements.import', { source: { kind: 'path', path: file } });
  for (;;) {
    const { state } = await client.call('api.snapshot', {});
    const now = state.imports.find(({ id }) => id === report.id);
    if (now?.state === 'done') return;
    if (now !== undefined && now.state !== 'reading') {
      throw new CommandError(`the node could not read ${file}: ${now.detail ?? now.state}`);
    }
    await pause(LOOK_MS);
  }
}
