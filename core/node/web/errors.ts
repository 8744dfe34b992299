/** The address cannot be listened on: taken, or not this machine's. */
export class WebListenError extends Error {
  override readonly name = 'WebListenError';
  readonly port: number;

  constructor(port: number, cause: unknown) {
    super(`the web host cannot listen on port ${port}: ${(cause as Error).message}`, { cause });
    this.port = port;
  }
}
