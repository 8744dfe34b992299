import { z } from 'zod';
import type { Bank } from '../memory/index.ts';
import { ClaimedShelf, searchClaimed } from '../node/claimed/index.ts';
import { locate } from '../node/index.ts';
import { describeEnvironment, type SignedProof } from '../record/index.ts';
import { CommandError, EXIT } from './exit.ts';
import { claimedDirectory, describeStatement } from './describe.ts';
import { openOwnBank } from './open-bank.ts';
import { formatBytes, formatTable, oneLine, printable, type Terminal } from './terminal.ts';

export const bankOptionsSchema = z.object({ data: z.string().optional(), json: z.boolean() });
export const searchOptionsSchema = bankOptionsSchema.extend({ limit: z.int(), claimed: z.boolean() });
export type BankOptions = z.infer<typeof bankOptionsSchema>;

/** `proofswarm bank search TEXT` */
export async function bankSearch(
  text: string,
  options: z.infer<typeof searchOptionsSchema>,
  terminal: Terminal,
): Promise<number> {
  if (options.claimed) return claimedSearch(text, options, terminal);
  await using bank = await openOwnBank(locate(options.data), terminal);
  const hits = await bank.search(text, { limit: options.limit });
  if (options.json) {
    for (const hit of hits) terminal.out.write(`${JSON.stringify(hit)}\n`);
    return EXIT.ok;
  }
  if (hits.length === 0) {
    terminal.err.write('Nothing found.\n');
    return EXIT.ok;
  }
  const rows = hits.map(({ statement, proofs }) => [
    (proofs[0] ?? '').slice(0, 16),
    statement.name,
    oneLine(statement.formal, 80),
  ]);
  terminal.out.write(`${formatTable(['proof', 'name', 'statement'], rows)}\n`);
  return EXIT.ok;
}

/** `proofswarm bank search --claimed TEXT`: what peers say they have proved, and this machine cannot judge. */
async function claimedSearch(
  text: string,
  { data, limit, json }: z.infer<typeof searchOptionsSchema>,
  terminal: Terminal,
): Promise<number> {
  const shelf = await ClaimedShelf.open(claimedDirectory(locate(data)));
  try {
    const words = text.split(/\s+/).filter((word) => word !== '');
    const { items } = await searchClaimed(shelf, { words, limit });
    if (items.length === 0) terminal.err.write('Nothing found.\n');
    else if (json) {
      for (const { signed, statement } of items) {
        const { id, record } = signed;
        terminal.out.write(`${JSON.stringify({ trust: 'claimed', id, statement, record })}\n`);
      }
    } else {
      const rows = items.map(({ signed, statement }) => [
        signed.id.slice(0, 16),
        statement.name,
        describeEnvironment(statement.environment),
        oneLine(statement.formal, 80),
      ]);
      terminal.out.write(`${formatTable(['claimed', 'name', 'holds in', 'statement'], rows)}\n`);
    }
    return EXIT.ok;
  } finally {
    await shelf.close();
  }
}

/** `proofswarm bank show ID`: a proof or a statement with its proofs, by the beginning of its id. */
export async function bankShow(prefix: string, options: BankOptions, terminal: Terminal): Promise<number> {
  await using bank = await openOwnBank(locate(options.data), terminal);
  const found = await bank.find(prefix);
  switch (found.kind) {
    case 'none':
      throw new CommandError(`the bank holds nothing whose id begins with ${prefix}`, EXIT.no);
    case 'ambiguous':
      throw new CommandError(`several ids begin with ${prefix}: ${found.ids.join(', ')}`);
    case 'proof': {
      const proof = await bank.proof(found.id);
      if (proof !== undefined) await show(bank, proof.record.statement, [proof], options, terminal);
      return EXIT.ok;
    }
    case 'statement':
      await show(bank, found.id, await bank.proofsOf(found.id), options, terminal);
      return EXIT.ok;
  }
}

/** `proofswarm bank stats` */
export async function bankStats(options: BankOptions, terminal: Terminal): Promise<number> {
  await using bank = await openOwnBank(locate(options.data), terminal);
  const stats = await bank.stats();
  if (options.json) {
    terminal.out.write(`${JSON.stringify(stats)}\n`);
    return EXIT.ok;
  }
  const counts = (values: Readonly<Record<string, number>>): string =>
    Object.entries(values)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  const rows: [string, string][] = [
    ['proofs', String(stats.proofs)],
    ['statements', String(stats.statements)],
    ['attempts', String(stats.attempts)],
    ['by topic', counts(stats.topics)],
    ['by difficulty', counts(stats.difficulties)],
    ['by policy', counts(stats.policies)],
    ['by environment', counts(stats.environments)],
    ['attempts ended', counts(stats.verdicts)],
    ['on disk', `${formatBytes(stats.bytes)} in ${bank.directory}`],
  ];
  for (const [name, value] of rows) terminal.out.write(`${name.padEnd(15)} ${value}\n`);
  return EXIT.ok;
}

async function show(
  bank: Bank,
  statementId: string,
  proofs: readonly SignedProof[],
  options: BankOptions,
  terminal: Terminal,
): Promise<void> {
  const statement = await bank.statement(statementId);
  if (options.json) {
    const records = proofs.map(({ id, record, signature }) => ({
      id,
      record,
      signature: Buffer.from(signature).toString('hex'),
    }));
    terminal.out.write(`${JSON.stringify({ statement, proofs: records })}\n`);
    return;
  }
  if (statement !== undefined) terminal.out.write(`${describeStatement(statement)}\n`);
  for (const { id, record } of proofs) {
    const { finder, checker } = record;
    terminal.out.write(
      printable(`
proof      ${id}
found by   ${finder.policy}${finder.model === undefined ? '' : ` (${finder.model})`}, round ${finder.rounds}, peer ${finder.peer}
checked by ${checker.name} ${checker.version}
created    ${new Date(record.createdAt).toISOString()}

${record.submission}
`),
    );
  }
}
