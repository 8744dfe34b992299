import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { askCardsWithNode, measureMemory } from '../../../core/policy/models/index.ts';
import { temporaryDirectory, write } from '../../cli/run.ts';
import { PROJECT } from '../../support/paths.ts';

const card = { gpu: 'cuda', total: 24e9, free: 20e9, unified: false, devices: ['A card'] };

describe('this machine', () => {
  test('has some memory, and cards only if llama.cpp finds any', async () => {
    const worker = path.join(PROJECT, 'core/policy/models/machine/worker.ts');
    const { ram, vram } = await measureMemory(askCardsWithNode(worker));
    expect(ram.free).toBeGreaterThan(0);
    expect(ram.free).toBeLessThanOrEqual(ram.total);
    if (vram !== undefined) expect(vram.free).toBeLessThanOrEqual(vram.total);
  });

  test.each<[string, string]>([
    ['an answer after what the driver prints', `driver 1.2\n${JSON.stringify(card)}\n`],
    ['an answer', JSON.stringify(card)],
  ])('has the cards of %s', async (_, text) => {
    const { vram } = await measureMemory(() => Promise.resolve(text));
    expect(vram).toEqual({ total: 24e9, free: 20e9, unified: false, devices: ['A card'] });
  });

  test.each<[string, string]>([
    ['says nothing', ''],
    ['says something else', '{"gpu": true}'],
    ['says no card', JSON.stringify({ ...card, gpu: false })],
    ['lies about less than nothing', JSON.stringify({ ...card, free: -1 })],
  ])('has none where the process %s', async (_, text) => {
    expect((await measureMemory(() => Promise.resolve(text))).vram).toBeUndefined();
  });

  test('has none where the process dies, and says so nowhere', async () => {
    const worker = await write(
      await temporaryDirectory(),
      'crash.mjs',
      'process.kill(process.pid, "SIGSEGV");',
    );
    expect((await measureMemory(askCardsWithNode(worker))).vram).toBeUndefined();
  });

  test('is not waited for once aborted', async () => {
    const worker = await write(await temporaryDirectory(), 'sleep.mjs', 'setInterval(() => {}, 1000);');
    const signal = AbortSignal.timeout(100);
    await expect(measureMemory(askCardsWithNode(worker), signal)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });
});
