/**
 * What the inference engine costs beside node-llama-cpp itself and llama.cpp's own bench, what a shared prompt saves, and how
 * far generation and checking overlap. On a machine that does nothing else:
 *
 *     node test/bench/llama.ts [throughput|prefix|overlap|all] [cpu|cuda|vulkan|metal]
 */
import { engineSettingsSchema } from '../../core/policy/llama/index.ts';
import { THREADS } from './llama/models.ts';
import { overlap } from './llama/overlap.ts';
import { prefix } from './llama/prefix.ts';
import { throughput } from './llama/throughput.ts';
import { machine } from './table.ts';

const which = process.argv[2] ?? 'all';
const gpu = engineSettingsSchema.shape.gpu.parse(process.argv[3] ?? 'cpu');
console.log(`${machine()}; ${gpu}, ${THREADS} thread`);
if (which === 'all' || which === 'throughput') await throughput(gpu);
if (which === 'all' || which === 'prefix') await prefix(gpu);
if (which === 'all' || which === 'overlap') await overlap(gpu);
process.exit(0);
