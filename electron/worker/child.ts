/**
 * What the processes of Lean and llama.cpp, and the one that asks for cards, begin with: it gives them, over a message port, the channel to a parent that
 * `child_process` would have given them, and then loads their program.
 */
import type { MessagePortMain } from 'electron';
import { z } from 'zod';
import { CHILD_ROLES, toChildSchema, type ChildRole } from '../ipc/worker-messages.ts';
import { restrictProcess } from './restrict.ts';

const PROGRAMS: Readonly<Record<ChildRole, () => Promise<unknown>>> = {
  lean: () => import('../../lean-bundle/wasm/worker.ts'),
  inference: () => import('../../core/policy/llama/process/worker.ts'),
  cards: () => import('../../core/policy/models/machine/worker.ts'),
};

// The programs read their settings where they would stand without the role.
const role = z.enum(CHILD_ROLES).parse(process.argv.splice(2, 1)[0]);

function adopt(port: MessagePortMain): void {
  const send = (message: unknown, _handle: unknown, _options: unknown, done?: () => void): boolean => {
    port.postMessage(message);
    // Once what was sent has left this process, as far as it can be told here.
    if (done !== undefined) setImmediate(done);
    return true;
  };
  Object.defineProperty(process, 'send', { value: send, configurable: true });
  port.on('message', ({ data }: { data: unknown }) => process.emit('message', data, undefined));
  port.on('close', () => process.emit('disconnect'));
}

process.parentPort.once('message', ({ data, ports: [port] }) => {
  toChildSchema.parse(data);
  if (port === undefined) throw new Error('a child is given a port first');
  adopt(port);
  if (role === 'lean') restrictProcess();
  void PROGRAMS[role]().then(() => port.start());
});
