import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connectToNode } from '../../core/node/headless/node-client.ts';
import { writeWebFile } from '../../core/node/headless/web-file.ts';
import { network } from '../../core/node/diagnose-network.ts';

const BEARER = 'a bearer of a node of tests';

async function dataOfNode(port: number): Promise<string> {
  const data = await mkdtemp(path.join(tmpdir(), 'proofswarm-client-'));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  await writeWebFile(data, { port, bearer: BEARER, pid: 4711 });
  return data;
}

/** As a process that was stopped: the system takes the connection, and nobody reads from it. */
async function silentPort(): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ pauseOnConnect: true }, (socket) => sockets.add(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

test('a node that runs and does not answer is told from none', async () => {
  const data = await dataOfNode(await silentPort());
  await expect(connectToNode(data, 200)).rejects.toThrow(/\(process 4711\) does not answer/);
});

test('a node that is gone without having said so is none', async () => {
  const gone = net.createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as net.AddressInfo;
  gone.close();
  await once(gone, 'close');
  expect(await connectToNode(await dataOfNode(port), 5000)).toBeUndefined();
});

test('doctor says of a node that hangs that it does', async () => {
  const data = await dataOfNode(await silentPort());
  const finding = await network({ data, cache: data }, 200);
  expect(finding).toMatchObject({ topic: 'network', state: 'problem' });
  expect(finding.detail).toContain('does not answer');
});
