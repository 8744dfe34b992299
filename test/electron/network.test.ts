import { afterAll, expect, test, vi } from 'vitest';
import { removeBuild, RunningApp } from './support/launch.ts';

const PATIENT = { timeout: 30_000, interval: 100 };

interface Network {
  readonly state: string;
  readonly addresses: readonly string[];
  readonly peers: number;
}

const network = async (app: RunningApp): Promise<Network> => {
  const reply = await app.page<{ ok: boolean; output: { state: { network: Network } } }>(
    `proofswarm.call('state-' + Math.random().toString(36).slice(2), 'api.snapshot', {})`,
  );
  return reply.output.state.network;
};

/** As the settings' page does it: on loopback alone, so that nobody else is found. */
const join = (app: RunningApp, bootstrap: readonly string[]): Promise<unknown> => {
  const patch = {
    network: {
      enabled: true,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootstrap,
      mdns: false,
      dht: false,
      upnp: false,
    },
  };
  return app.page(`proofswarm.call('join', 'settings.update', ${JSON.stringify({ patch })})`);
};

afterAll(removeBuild);

test('two apps meet once their users say so, and part when one leaves', async () => {
  await using first = await RunningApp.launch();
  await using second = await RunningApp.launch();
  await vi.waitFor(async () => {
    expect((await network(first)).state).toBe('off');
    expect((await network(second)).state).toBe('off');
  }, PATIENT);

  expect(await join(first, [])).toMatchObject({ ok: true });
  await vi.waitFor(async () => {
    expect(await network(first)).toMatchObject({
      state: 'on',
      addresses: [expect.stringContaining('/p2p/')],
    });
  }, PATIENT);
  expect(await join(second, (await network(first)).addresses)).toMatchObject({ ok: true });
  await vi.waitFor(async () => {
    expect(await network(first)).toMatchObject({ state: 'on', peers: 1 });
    expect(await network(second)).toMatchObject({ state: 'on', peers: 1 });
  }, PATIENT);

  await second.page(
    `proofswarm.call('leave', 'settings.update', { patch: { network: { enabled: false } } })`,
  );
  await vi.waitFor(async () => {
    expect((await network(second)).state).toBe('off');
    expect((await network(first)).peers).toBe(0);
  }, PATIENT);
});
