import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startNode, stopAll } from '../network/support/swarm.ts';
import { runHere, SLOW, start, temporaryDirectory } from './run.ts';

const PATIENT = { timeout: SLOW / 2, interval: 50 };

test('a node is a relay where that is asked for, whatever the settings say', { timeout: SLOW }, async () => {
  const data = await temporaryDirectory();
  const network = { relay: false, mdns: false, dht: false, upnp: false };
  await writeFile(path.join(data, 'settings.json'), JSON.stringify({ version: 1, network }));
  const relay = start(['node', '--relay', '--no-prove', '--listen', '/ip4/127.0.0.1/tcp/0'], { data });
  const address = await vi.waitFor(
    () => /^Listening on (\S+)$/m.exec(relay.text.out)?.[1] ?? expect.fail(relay.text.err),
    PATIENT,
  );
  const undialable = await startNode({ settings: { listen: [], relays: [address] } });
  onTestFinished(() => stopAll([undialable]));
  await vi.waitFor(() => expect(undialable.network.addresses()[0]).toContain('/p2p-circuit'), PATIENT);
});

test('a relay cannot be offline', async () => {
  const { code, err } = await runHere('node', '--relay', '--offline');
  expect(code).toBe(2);
  expect(err).toContain("'--relay' cannot be used with option '--offline'");
});
