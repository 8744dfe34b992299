import { z } from 'zod';
import { locate, openModelLibrary } from '../node/index.ts';
import { FAMILIES } from '../policy/prompt/index.ts';
import { readModelFacts, type InstalledModel } from '../policy/models/index.ts';
import { CommandError, EXIT } from './exit.ts';
import { onInterrupt } from './interrupt.ts';
import { fileFacts, modelsOptionsSchema, writeFacts } from './models.ts';
import { formatBytes, type Terminal } from './terminal.ts';
import { createTransferProgress } from './transfer-progress.ts';

export const addOptionsSchema = modelsOptionsSchema.extend({
  id: z.string().optional(),
  family: z.string().optional(),
});
export const getOptionsSchema = addOptionsSchema.extend({ sha256: z.string().optional() });

/** `proofswarm models get MODEL` */
export async function modelsGet(
  reference: string,
  options: z.infer<typeof getOptionsSchema>,
  terminal: Terminal,
): Promise<number> {
  const given = {
    ...naming(options),
    ...(options.sha256 === undefined ? {} : { sha256: options.sha256 }),
  };
  const library = await openModelLibrary(locate(options.data));
  return interruptible(
    terminal,
    'What has arrived is kept; give the same command again to go on.\n',
    async (signal) => {
      const progress = createTransferProgress(terminal);
      try {
        const onEvent = progress.onEvent;
        const model = await library.fetch(reference, { ...given, signal, onEvent });
        progress.stop();
        await report(model, options, terminal);
      } finally {
        progress.stop();
      }
    },
  );
}

/** `proofswarm models add FILE` */
export async function modelsAdd(
  file: string,
  options: z.infer<typeof addOptionsSchema>,
  terminal: Terminal,
): Promise<number> {
  const given = naming(options);
  const library = await openModelLibrary(locate(options.data));
  return interruptible(terminal, '', async (signal) => {
    const model = await library.add(file, { ...given, signal });
    await report(model, options, terminal);
  });
}

/** @throws CommandError where there is no such family of prompts */
export function checkFamily(name: string | undefined): void {
  if (name === undefined || FAMILIES.some((family) => family.name === name)) return;
  throw new CommandError(
    `there is no prompt family ${name}; known are ${FAMILIES.map((family) => family.name).join(', ')}`,
  );
}

function naming({ id, family }: z.infer<typeof addOptionsSchema>): { id?: string; promptFamily?: string } {
  checkFamily(family);
  return {
    ...(id === undefined ? {} : { id }),
    ...(family === undefined ? {} : { promptFamily: family }),
  };
}

async function report(
  model: InstalledModel,
  options: z.infer<typeof modelsOptionsSchema>,
  terminal: Terminal,
): Promise<void> {
  if (options.json) {
    terminal.out.write(`${JSON.stringify(model)}\n`);
    return;
  }
  const { record } = model;
  const facts = await readModelFacts(model.path);
  const checked =
    record.kind === 'added' ? '' : record.verified ? ' (as listed)' : ' (nothing to compare it with)';
  writeFacts(terminal, [
    ['model', record.id],
    ['file', model.path],
    ['sha256', `${record.sha256}${checked}`],
    ...fileFacts(facts),
  ]);
  terminal.err.write(
    `${record.id} is here, ${formatBytes(record.bytes)}. Use it with: proofswarm models use ${record.id}\n`,
  );
}

async function interruptible(
  terminal: Terminal,
  farewell: string,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<number> {
  const interrupt = onInterrupt(terminal);
  try {
    await work(interrupt.signal);
    return EXIT.ok;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    terminal.err.write(farewell);
    return EXIT.interrupted;
  } finally {
    interrupt.dispose();
  }
}
