import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  InferenceCrashedError,
  InferenceUnavailableError,
  ModelUnloadedError,
  spawnInference,
  createLlamaEngine,
  type InferenceEvent,
} from '../../../core/policy/llama/index.ts';
import { tinyGguf } from '../../support/tiny-gguf.ts';
import { endless, request, testEngine, type TestEngine } from './engines.ts';

let open: TestEngine[] = [];
afterEach(async () => {
  await Promise.all(open.map((engine) => engine.dispose()));
  open = [];
});

function engineWith(settings: Parameters<typeof testEngine>[0] = {}): {
  engine: TestEngine;
  events: InferenceEvent[];
} {
  const engine = testEngine(settings);
  const events: InferenceEvent[] = [];
  engine.subscribe((event) => events.push(event));
  open.push(engine);
  return { engine, events };
}

const kill = (pid: number | undefined): void => void process.kill(pid ?? NaN, 'SIGKILL');
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('an inference process', () => {
  it('that is killed in the middle fails its requests, and the next one starts another', async () => {
    const { engine, events } = engineWith();
    const text = (await engine.generate(request())).text;
    const killed = engine.pid;
    let begun = false;
    const running = [1, 2, 3, 4].map((seed) =>
      engine.generate(endless({ seed }), {
        onText: () => {
          if (!begun) kill(killed);
          begun = true;
          return undefined;
        },
      }),
    );
    for (const end of await Promise.allSettled(running)) {
      expect(end).toMatchObject({ status: 'rejected' });
      expect(end.status === 'rejected' && end.reason).toBeInstanceOf(InferenceCrashedError);
    }
    expect(events.filter(({ type }) => type === 'inference:crashed')).toHaveLength(1);
    await expect(engine.generate(request())).resolves.toMatchObject({ text });
    expect(engine.pid).not.toBe(killed);
  });

  it('that crashes time after time is not started for ever', async () => {
    const broken: typeof spawnInference = (wanted) => {
      const child = spawnInference(wanted);
      child.kill();
      return child;
    };
    const engine = createLlamaEngine({ spawn: broken }, { modelPath: tinyGguf(), gpu: 'cpu' });
    open.push(engine);
    for (let i = 0; i < 3; i++)
      await expect(engine.generate(request())).rejects.toThrow(InferenceCrashedError);
    await expect(engine.generate(request())).rejects.toThrow(InferenceUnavailableError);
    await expect(engine.load()).rejects.toThrow(InferenceUnavailableError);
    await expect(engine.load()).rejects.toThrow(/3 times in a row; it is not started again for \d+ s/);
    // Whoever has done something about it gets another try.
    await engine.unload();
    await expect(engine.load()).rejects.toThrow(InferenceCrashedError);
  });

  it('that crashed time after time is tried once more after a while', async () => {
    let broken = true;
    const sometimes: typeof spawnInference = (wanted) => {
      const child = spawnInference(wanted);
      if (broken) child.kill();
      return child;
    };
    const engine = createLlamaEngine(
      { spawn: sometimes },
      { modelPath: tinyGguf(), gpu: 'cpu', contextSize: 512, threads: 1, crashRestMs: 1_000 },
    );
    open.push(engine);
    for (let i = 0; i < 3; i++) await expect(engine.load()).rejects.toThrow(InferenceCrashedError);
    await expect(engine.load()).rejects.toThrow(InferenceUnavailableError);
    broken = false;
    await expect
      .poll(
        () =>
          engine.load().then(
            ({ slots }) => slots,
            () => 0,
          ),
        { timeout: 30_000, interval: 100 },
      )
      .toBe(4);
    await expect(engine.generate(request())).resolves.toBeDefined();
  });

  it('that says something unintelligible is ended', async () => {
    const listeners: ((message: unknown) => void)[] = [];
    const engine = createLlamaEngine(
      {
        spawn: (wanted) => {
          const child = spawnInference(wanted);
          const onMessage: typeof child.onMessage = (listener) => {
            listeners.push(listener);
            child.onMessage(listener);
          };
          return { ...child, onMessage };
        },
      },
      { modelPath: tinyGguf(), gpu: 'cpu', contextSize: 512 },
    );
    open.push(engine);
    const loading = engine.load();
    await expect.poll(() => listeners.length).toBe(1);
    listeners[0]?.({ type: 'loaded', id: 0, model: { name: 'made up' } });
    await expect(loading).rejects.toThrow(/unintelligible/);
  });

  it('ends when its parent is gone', async () => {
    const parent = fork(path.join(import.meta.dirname, 'parent.ts'), { stdio: 'ignore' });
    const [pid] = (await once(parent, 'message')) as [number];
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });

  it('is ended when nobody has asked for a while, and started again at the next request', async () => {
    const { engine, events } = engineWith({ idleMs: 100 });
    const { text } = await engine.generate(request());
    const first = engine.pid ?? NaN;
    await expect.poll(() => engine.model).toBeUndefined();
    await expect.poll(() => isAlive(first)).toBe(false);
    expect(events).toContainEqual({ type: 'inference:unloaded', reason: 'idle' });
    await expect(engine.generate(request())).resolves.toMatchObject({ text });
  });

  it('is kept while a reply takes longer than that', async () => {
    const { engine, events } = engineWith({ idleMs: 1, contextSize: 1024 });
    await expect(engine.generate(endless())).resolves.toMatchObject({ stopReason: 'context-full' });
    const unloads = events.filter(({ type }) => type === 'inference:unloaded');
    expect(unloads.length).toBeLessThanOrEqual(1);
  });

  it('is loaded once for all that ask at a time', async () => {
    const { engine, events } = engineWith();
    await Promise.all([engine.load(), engine.load(), engine.generate(request()), engine.render('x')]);
    expect(events.filter(({ type }) => type === 'inference:ready')).toHaveLength(1);
  });

  it('that is loading is ended when nobody waits for it any more', async () => {
    const { engine, events } = engineWith();
    const controller = new AbortController();
    const patient = new AbortController();
    const first = engine.load({ signal: controller.signal });
    const second = engine.load({ signal: patient.signal });
    await expect.poll(() => engine.pid).toBeDefined();
    const pid = engine.pid ?? NaN;
    controller.abort(new Error('not needed'));
    await expect(first).rejects.toThrow('not needed');
    expect(engine.pid).toBe(pid);
    patient.abort(new Error('nor here'));
    await expect(second).rejects.toThrow('nor here');
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(events.map(({ type }) => type)).not.toContain('inference:ready');
    await expect(engine.load()).resolves.toBeDefined();
  });

  it('is gone, and its requests have failed, once the model is unloaded', async () => {
    const { engine, events } = engineWith({ slots: 1 });
    await engine.load();
    const pid = engine.pid ?? NaN;
    const running = engine.generate(endless());
    const waiting = engine.generate(request());
    const ends = Promise.allSettled([running, waiting]);
    await engine.unload();
    expect(isAlive(pid)).toBe(false);
    for (const end of await ends)
      expect(end.status === 'rejected' && end.reason).toBeInstanceOf(ModelUnloadedError);
    expect(events).toContainEqual({ type: 'inference:unloaded', reason: 'asked' });
    await expect(engine.generate(request())).resolves.toBeDefined();
  });

  it('is never started again once the engine is disposed of', async () => {
    const { engine } = engineWith();
    await engine.load();
    const pid = engine.pid ?? NaN;
    await engine.dispose();
    await engine.dispose();
    expect(isAlive(pid)).toBe(false);
    await expect(engine.generate(request())).rejects.toThrow(ModelUnloadedError);
    await expect(engine.load()).rejects.toThrow(ModelUnloadedError);
  });

  it('of another model takes its turn', async () => {
    const texts: string[] = [];
    for (const seed of [1, 2, 1]) {
      const { engine } = engineWith({ modelPath: tinyGguf({ seed }) });
      texts.push((await engine.generate(request())).text);
      await engine.unload();
    }
    expect(texts[2]).toBe(texts[0]);
    expect(texts[1]).not.toBe(texts[0]);
  });
});
