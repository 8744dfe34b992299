/**
 * Tells as a JSON line what llama.cpp sees of this machine's cards: to its parent where there is a channel, else on standard
 * output. A process of its own, as drivers crash.
 */
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
const line = JSON.stringify({ gpu: llama.gpu, total, free, unified: unifiedSize > 0, devices });
if (process.send === undefined) process.stdout.write(`${line}\n`);
else process.send(line);
await llama.dispose();
