import { z } from 'zod';
import { locate, openModelLibrary, readSettings, type ModelChoice } from '../node/index.ts';
import {
  listedFiles,
  readModelFacts,
  sizeOfListed,
  type InstalledModel,
  type ListedFile,
  type ModelFacts,
  type ModelLibrary,
} from '../policy/models/index.ts';
import { CommandError, EXIT } from './exit.ts';
import { formatBytes, formatTable, printable, type Terminal } from './terminal.ts';

export const modelsOptionsSchema = z.object({ data: z.string().optional(), json: z.boolean() });
export type ModelsOptions = z.infer<typeof modelsOptionsSchema>;

/** `proofswarm models list` */
export async function modelsList(options: ModelsOptions, terminal: Terminal): Promise<number> {
  const { library, choice } = await open(options);
  const { models, damaged } = await library.installed();
  for (const error of damaged) terminal.err.write(`${printable(error.message)}\n`);
  const listed = listedFiles(library.manifest);
  if (options.json) {
    terminal.out.write(`${JSON.stringify({ installed: models, listed, chosen: choice ?? null })}\n`);
    return EXIT.ok;
  }
  const here = new Map(models.map((model) => [model.record.id, model]));
  const others = listed.filter(({ id }) => !here.has(id));
  const rows = [
    ...models.map((model) => installedRow(model, choice)),
    ...others.map((file) => listedRow(file)),
  ];
  terminal.out.write(`${formatTable(['model', 'size', 'context', 'prompt', 'licence', 'state'], rows)}\n`);
  if (others.some(({ file, model }) => file.unconfirmed.length + model.unconfirmed.length > 0)) {
    terminal.err.write('? nobody has confirmed this at its source; `models show` says what\n');
  }
  return EXIT.ok;
}

function installedRow(model: InstalledModel, choice: ModelChoice | undefined): string[] {
  const { record, state } = model;
  const used = choice?.model === record.id ? ', in use' : '';
  const where = record.kind === 'added' ? `here, at ${record.file}` : 'here';
  const problem = state === 'ok' ? '' : ` (${state})`;
  const { promptFamily = '', licence = '' } = record;
  return [record.id, formatBytes(record.bytes), '', promptFamily, licence, `${where}${used}${problem}`];
}

function listedRow(listed: ListedFile): string[] {
  const { id, model, file } = listed;
  const mark = (unsure: boolean): string => (unsure ? '?' : '');
  const doubt = (field: (typeof model.unconfirmed)[number]): string =>
    mark(model.unconfirmed.includes(field));
  const size = formatBytes(sizeOfListed(listed).weightBytes);
  return [
    `${id}${mark(file.unconfirmed.length > 0)}`,
    file.bytes === undefined ? `~${size}` : size,
    `${model.contextLength}${doubt('contextLength')}`,
    `${model.promptFamily}${doubt('promptFamily')}`,
    `${model.licence}${doubt('licence')}`,
    '',
  ];
}

/** `proofswarm models show MODEL` */
export async function modelsShow(
  reference: string,
  options: ModelsOptions,
  terminal: Terminal,
): Promise<number> {
  const { library } = await open(options);
  const resolved = await library.resolve(reference);
  if (resolved.kind === 'listed') {
    const { listed } = resolved;
    if (options.json) terminal.out.write(`${JSON.stringify(listed)}\n`);
    else writeFacts(terminal, listedFacts(listed));
    return EXIT.ok;
  }
  const path = resolved.kind === 'file' ? resolved.path : resolved.model.path;
  const record = resolved.kind === 'file' ? undefined : resolved.model.record;
  const facts = await readModelFacts(path);
  if (options.json) terminal.out.write(`${JSON.stringify({ path, record: record ?? null, facts })}\n`);
  else writeFacts(terminal, [['file', path], ...fileFacts(facts), ['sha256', record?.sha256]]);
  return EXIT.ok;
}

/** `proofswarm models remove MODEL` */
export async function modelsRemove(
  reference: string,
  options: ModelsOptions,
  terminal: Terminal,
): Promise<number> {
  const { library, choice } = await open(options);
  const record = await library.remove(reference);
  if (options.json) terminal.out.write(`${JSON.stringify(record)}\n`);
  else {
    terminal.out.write(
      record.kind === 'fetched'
        ? `${record.id} deleted, ${formatBytes(record.bytes)} freed\n`
        : `${record.id} forgotten; ${printable(record.file)} stays where it is\n`,
    );
  }
  if (choice?.model === record.id) {
    terminal.err.write('It was the model in use; choose another with: proofswarm models use\n');
  }
  return EXIT.ok;
}

/** What a GGUF file tells, for people. */
export function fileFacts(facts: ModelFacts): [string, string | undefined][] {
  const { parameters, contextLength, cachedPerToken } = facts;
  return [
    ['name', facts.name],
    ['architecture', facts.architecture],
    ['parameters', parameters === 0 ? undefined : `${(parameters / 1e9).toFixed(2)} billion`],
    ['quantisation', facts.quantisation],
    ['size', formatBytes(facts.bytes)],
    ['layers', facts.layers?.toString()],
    ['context', contextLength === undefined ? undefined : `${contextLength} tokens`],
    [
      'KV cache',
      cachedPerToken === undefined ? undefined : `${formatBytes(cachedPerToken * 2)} a token (f16)`,
    ],
    ['chat template', facts.chatTemplate === undefined ? 'none' : 'its own'],
    ['licence', facts.licence],
  ];
}

function listedFacts({ id, model, file, url }: ListedFile): [string, string | undefined][] {
  const unsure = [...model.unconfirmed, ...file.unconfirmed];
  return [
    ['model', `${model.name} (${id})`],
    ['about', model.description],
    ['made from', model.source],
    ['licence', model.licence],
    ['parameters', `${(model.shape.parameters / 1e9).toFixed(2)} billion`],
    ['quantisation', file.quantisation],
    ['size', file.bytes === undefined ? 'told by the server' : formatBytes(file.bytes)],
    ['sha256', file.sha256 ?? 'told by the server'],
    ['context', `${model.contextLength} tokens`],
    ['prompt', model.promptFamily],
    ['address', url],
    ['unconfirmed', unsure.length === 0 ? undefined : unsure.join(', ')],
    ['note', model.note],
  ];
}

export function writeFacts(
  terminal: Terminal,
  facts: readonly (readonly [string, string | undefined])[],
): void {
  for (const [name, value] of facts) {
    if (value !== undefined)
      terminal.out.write(`${name.padEnd(14)} ${printable(value.replaceAll('\n', ' '))}\n`);
  }
}

async function open(
  options: ModelsOptions,
): Promise<{ library: ModelLibrary; choice: ModelChoice | undefined }> {
  const locations = locate(options.data);
  const [library, settings] = await Promise.all([openModelLibrary(locations), readSettings(locations.data)]);
  return { library, choice: settings.model };
}

/** A file that is gone or changed is no use to go on with. */
export function usablePath(model: InstalledModel): string {
  if (model.state === 'ok') return model.path;
  const { id, kind } = model.record;
  const remedy = kind === 'fetched' ? `get it again` : 'add it again';
  throw new CommandError(
    `${id}: ${model.path} ${model.state === 'missing' ? 'is not there any more' : 'has changed since it was added'}; ${remedy}`,
  );
}
