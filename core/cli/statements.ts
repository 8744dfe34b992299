import path from 'node:path';
import { z } from 'zod';
import { EMBEDDED_ENVIRONMENT, locate } from '../node/index.ts';
import { DIFFICULTIES, type Statement } from '../record/index.ts';
import {
  describeEntry,
  readStatements,
  StatementBoard,
  UnknownFileTypeError,
  UnreadableFileError,
  type BoardEntry,
} from '../statement/index.ts';
import { describeStatement } from './describe.ts';
import { CommandError, EXIT } from './exit.ts';
import { openOwnBank } from './open-bank.ts';
import { formatTable, oneLine, printable, type Terminal } from './terminal.ts';

export const statementsOptionsSchema = z.object({ data: z.string().optional(), json: z.boolean() });
export type StatementsOptions = z.infer<typeof statementsOptionsSchema>;

export const listOptionsSchema = statementsOptionsSchema.extend({
  topic: z.string().optional(),
  difficulty: z.enum(DIFFICULTIES).optional(),
  status: z.enum(['all', 'open', 'solved']),
  limit: z.int(),
});
export type ListOptions = z.infer<typeof listOptionsSchema>;

/** How many statements are written at a time; keeps a large dataset from being in memory twice. */
const BATCH = 1000;

/** `proofswarm statements import FILE…` */
export async function statementsImport(
  files: readonly string[],
  options: StatementsOptions,
  terminal: Terminal,
): Promise<number> {
  const board = await openBoard(options, terminal);
  const total = { added: 0, known: 0, duplicates: 0, problems: 0 };
  for (const file of files) {
    let batch: Statement[] = [];
    const flush = async (): Promise<void> => {
      const added = await board.add(batch);
      total.added += added;
      total.known += batch.length - added;
      batch = [];
    };
    try {
      for await (const entry of readStatements(file, { environment: EMBEDDED_ENVIRONMENT })) {
        if (entry.kind === 'statement') {
          batch.push(entry.statement);
          if (batch.length >= BATCH) await flush();
          continue;
        }
        if (entry.kind === 'duplicate') total.duplicates++;
        else total.problems++;
        terminal.err.write(`${printable(describeEntry(entry))}\n`);
      }
    } catch (error) {
      if (error instanceof UnknownFileTypeError || error instanceof UnreadableFileError) {
        throw new CommandError(error.message);
      }
      throw error;
    } finally {
      await flush();
    }
  }
  if (options.json) terminal.out.write(`${JSON.stringify({ ...total, statements: board.size })}\n`);
  else {
    terminal.out.write(
      `${total.added} added, ${total.known} known before, ${total.duplicates} duplicates, ${total.problems} problems; ${board.size} statements in all\n`,
    );
  }
  return total.added + total.known > 0 ? EXIT.ok : EXIT.no;
}

/** `proofswarm statements list` */
export async function statementsList(options: ListOptions, terminal: Terminal): Promise<number> {
  const board = await openBoard(options, terminal);
  await using bank = await openOwnBank(locate(options.data), terminal);
  const solvedIds = new Set<string>();
  for await (const { record } of bank.proofs()) solvedIds.add(record.statement);
  const matching = [...board.entries()].filter(
    ({ statement }) =>
      (options.topic === undefined || statement.topic === options.topic) &&
      (options.difficulty === undefined || statement.difficulty === options.difficulty) &&
      (options.status === 'all' || (options.status === 'solved') === solvedIds.has(statement.id)),
  );
  const shown = matching.slice(0, options.limit);
  if (options.json) {
    for (const { statement } of shown) {
      terminal.out.write(`${JSON.stringify({ ...statement, solved: solvedIds.has(statement.id) })}\n`);
    }
    return EXIT.ok;
  }
  if (board.size === 0) {
    terminal.err.write('No statements yet: proofswarm statements import FILE\n');
    return EXIT.ok;
  }
  const rows = shown.map(({ statement }) => [
    statement.id.slice(0, 16),
    solvedIds.has(statement.id) ? 'solved' : 'open',
    statement.difficulty ?? '',
    statement.topic ?? '',
    statement.name,
    oneLine(statement.informal ?? statement.formal, 60),
  ]);
  terminal.out.write(`${formatTable(['id', 'status', 'difficulty', 'topic', 'name', 'statement'], rows)}\n`);
  if (matching.length > shown.length) {
    terminal.err.write(`${matching.length - shown.length} more; --limit shows more\n`);
  }
  return EXIT.ok;
}

/** `proofswarm statements show ID|NAME` */
export async function statementsShow(
  query: string,
  options: StatementsOptions,
  terminal: Terminal,
): Promise<number> {
  const board = await openBoard(options, terminal);
  const found = board.find(query);
  switch (found.kind) {
    case 'none':
      throw new CommandError(`no statement with the id or name ${query}`, EXIT.no);
    case 'ambiguous':
      throw new CommandError(`several statements: ${found.entries.slice(0, 10).map(idAndName).join(', ')}`);
    case 'one':
      terminal.out.write(
        options.json
          ? `${JSON.stringify(found.entry.statement)}\n`
          : `${describeStatement(found.entry.statement)}\n`,
      );
      return EXIT.ok;
  }
}

function idAndName({ statement }: BoardEntry): string {
  return `${statement.id.slice(0, 16)} (${statement.name})`;
}

async function openBoard({ data }: StatementsOptions, terminal: Terminal): Promise<StatementBoard> {
  const board = await StatementBoard.open(path.join(locate(data).data, 'statements'));
  for (const line of board.damagedLines) {
    terminal.err.write(`${board.file}:${line}: damaged, passed over; import its statements again\n`);
  }
  return board;
}
