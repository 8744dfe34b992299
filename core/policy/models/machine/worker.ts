/** Prints what llama.cpp sees of this machine's cards as a JSON line; a process of its own, as drivers crash. */
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

const llama = await getLlama({
  gpu: 'auto',
  build: 'never',
  skipDownload: true,
  progressLogs: false,
  logLevel: LlamaLogLevel.disabled,
});
const { total, free, unifiedSize } = await llama.getVramState();
const devices = await llama.getGpuDeviceNames();
process.stdout.write(
  `${JSON.stringify({ gpu: llama.gpu, total, free, unified: unifiedSize > 0, devices })}\n`,
);
await llama.dispose();
