import type { Reply, Request } from './messages.ts';
import { BankServer } from './server.ts';

/** The process of a bank that is kept apart: see `openBankApart`. */
const [, , directory = ''] = process.argv;

const server = new BankServer(directory, (reply: Reply) => {
  // A parent that has just ended hears nothing; the callback keeps its broken channel from throwing.
  process.send?.(reply, undefined, undefined, () => undefined);
});

let ending: Promise<void> | undefined;

function end(): void {
  ending ??= server
    .close()
    .catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    })
    .then(() => process.exit());
}

// A terminal's Ctrl-C is for the parent, which closes the bank when it has finished.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

process.on('message', (request: Request) => {
  if (request.type === 'close') end();
  else server.take(request);
});
process.on('disconnect', end);
