import { z } from 'zod';
import { locate, machineMemory, openModelLibrary } from '../node/index.ts';
import {
  CACHE_TYPES,
  cacheBytes,
  listedFiles,
  need,
  place,
  readModelFacts,
  remedies,
  sizeOfFile,
  sizeOfListed,
  type Load,
  type Manifest,
  type Memory,
  type ModelSize,
  type Placement,
  type Remedy,
  type Resolved,
} from '../policy/models/index.ts';
import { EXIT } from './exit.ts';
import { onInterrupt } from './interrupt.ts';
import { modelsOptionsSchema, usablePath } from './models.ts';
import { formatBytes, formatTable, printable, type Terminal } from './terminal.ts';

export const estimateOptionsSchema = modelsOptionsSchema.extend({
  context: z.int(),
  parallel: z.int(),
  cache: z.enum(CACHE_TYPES),
});

const CONTEXTS = [4096, 8192, 16_384, 32_768, 65_536, 131_072];

/** `proofswarm models estimate MODEL` */
export async function modelsEstimate(
  reference: string,
  options: z.infer<typeof estimateOptionsSchema>,
  terminal: Terminal,
): Promise<number> {
  const library = await openModelLibrary(locate(options.data));
  const resolved = await library.resolve(reference);
  const size = await sizeOf(resolved);
  const interrupt = onInterrupt(terminal);
  let memory: Memory;
  try {
    memory = await machineMemory(interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    interrupt.dispose();
  }
  const contextSize = Math.min(options.context, size.contextLength ?? Infinity);
  const load: Load = { contextSize, slots: options.parallel, cacheType: options.cache };
  const placement = place(size, load, memory);
  const help = remedies(size, load, memory);
  if (options.json) {
    const answer = { size, load, memory, need: need(size, load), placement, remedies: help };
    terminal.out.write(`${JSON.stringify(answer)}\n`);
  } else {
    if (contextSize < options.context) {
      terminal.err.write(`It was trained for ${contextSize} tokens, which is what is used.\n`);
    }
    terminal.out.write(
      [
        describeSize(reference, size),
        describeMemory(memory),
        '',
        cacheTable(size, load),
        '',
        describeNeed(size, load),
        describePlacement(placement, size, memory),
        ...help.map((remedy) => describeRemedy(remedy, library.manifest, placement.kind === 'none')),
        '',
      ].join('\n'),
    );
  }
  return placement.kind === 'none' ? EXIT.no : EXIT.ok;
}

async function sizeOf(resolved: Resolved): Promise<ModelSize> {
  if (resolved.kind === 'listed') return sizeOfListed(resolved.listed);
  return sizeOfFile(
    await readModelFacts(resolved.kind === 'file' ? resolved.path : usablePath(resolved.model)),
  );
}

const describeSize = (reference: string, size: ModelSize): string =>
  printable(
    `${reference}: ${size.measured ? '' : 'about '}${formatBytes(size.weightBytes)} of weights in ${size.layers} layers${size.measured ? '' : ' (from the list)'}`,
  );

function describeMemory({ ram, vram }: Memory): string {
  const inRam = `${formatBytes(ram.free)} of ${formatBytes(ram.total)} RAM free`;
  if (vram === undefined) return `This machine: ${inRam}; no card that llama.cpp can use`;
  const names = printable(vram.devices.join(', '));
  const shared = vram.unified ? ', shared with the RAM' : '';
  return `This machine: ${inRam}; ${formatBytes(vram.free)} of ${formatBytes(vram.total)} on ${names} free${shared}`;
}

function cacheTable(size: ModelSize, load: Load): string {
  if (size.cachedPerToken === undefined) return 'The file does not tell what its KV cache takes.';
  const longest = size.contextLength ?? Infinity;
  const contexts = [
    ...new Set([...CONTEXTS.filter((n) => n < longest), Math.min(longest, 1_048_576), load.contextSize]),
  ];
  const rows = contexts
    .toSorted((a, b) => a - b)
    .map((contextSize) => [
      contextSize,
      ...CACHE_TYPES.map((cacheType) =>
        formatBytes(cacheBytes(size, { ...load, contextSize, cacheType }) ?? 0),
      ),
    ]);
  const heading = `KV cache of ${load.slots} ${load.slots === 1 ? 'rollout' : 'rollouts at one time'}`;
  return `${heading}\n${formatTable(['context', ...CACHE_TYPES], rows)}`;
}

function describeNeed(size: ModelSize, load: Load): string {
  const { weights, cache, compute, total } = need(size, load);
  return `With ${load.slots} × ${load.contextSize} tokens (${load.cacheType}): ${formatBytes(weights)} weights + ${formatBytes(cache)} cache + ${formatBytes(compute)} for computing = ${formatBytes(total)}`;
}

function describePlacement(placement: Placement, { layers }: ModelSize, { vram }: Memory): string {
  switch (placement.kind) {
    case 'gpu':
      return 'It fits on the card.';
    case 'split':
      return `It fits in parts: ${placement.gpuLayers} of ${layers} layers on the card, the rest in RAM, which is slower.`;
    case 'cpu':
      return vram === undefined
        ? 'It fits in RAM. Without a card it will be slow.'
        : 'It fits in RAM, but not on the card, so it will be slow.';
    case 'none':
      return 'It does not fit.';
  }
}

function describeRemedy(remedy: Remedy, manifest: Manifest, refused: boolean): string {
  const would = refused ? 'It would fit' : 'It would be wholly on the card';
  switch (remedy.kind) {
    case 'slots':
      return `${would} with --parallel ${remedy.slots}.`;
    case 'context':
      return `${would} with --context ${remedy.contextSize}.`;
    case 'both':
      return `${would} with --parallel 1 --context ${remedy.contextSize}.`;
    case 'smaller-file': {
      const smaller = listedFiles(manifest)
        .filter((listed) => sizeOfListed(listed).weightBytes <= remedy.bytes)
        .toSorted((a, b) => sizeOfListed(b).weightBytes - sizeOfListed(a).weightBytes)
        .slice(0, 3)
        .map(({ id }) => id);
      const such = smaller.length === 0 ? '' : ` Of the list, such are: ${smaller.join(', ')}.`;
      return `A file of at most ${formatBytes(remedy.bytes)} would fit, with --parallel 1 --context 2048.${such}`;
    }
  }
}
