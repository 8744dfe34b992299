import { systemErrorCode, whyNotListening } from '../../process/index.ts';

/** The port cannot be listened on: taken, or not for this user. */
export class WebListenError extends Error {
  override readonly name = 'WebListenError';
  readonly port: number;

  constructor(port: number, cause: unknown) {
    super(describe(port, cause), { cause });
    this.port = port;
  }
}

function describe(port: number, cause: unknown): string {
  if (systemErrorCode(cause) === 'EADDRINUSE')
    return `port ${port} is taken; choose another with --web, or 0 for any that is free`;
  return `the page cannot be served on port ${port}: ${whyNotListening(cause)}`;
}
