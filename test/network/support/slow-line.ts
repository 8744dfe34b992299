import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface LineInit {
  /** One way, in milliseconds. */
  readonly delayMs: number;
  /** Most bytes a second, either way; as many as come unless set. */
  readonly bytesPerSecond?: number;
}

/** A long line to a node on this host: what is sent through arrives in order, later, and no faster than so much a second. */
export class SlowLine {
  readonly #server: Server;
  readonly #ends = new Set<Socket>();
  readonly #init: LineInit;

  private constructor(server: Server, init: LineInit) {
    this.#server = server;
    this.#init = init;
  }

  static async to(port: number, init: LineInit): Promise<SlowLine> {
    const server = createServer({ noDelay: true });
    const line = new SlowLine(server, init);
    server.on('connection', (near) => {
      const far = createConnection({ port, host: '127.0.0.1', noDelay: true });
      line.#carry(near, far);
      line.#carry(far, near);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  /** The same peer's multiaddr at this end of the line. */
  addressOf(address: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return address.replace(/\/tcp\/\d+/, `/tcp/${port}`);
  }

  /** Breaks what goes through; new connections can be made at once. */
  cut(): void {
    for (const end of this.#ends) end.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  #carry(from: Socket, to: Socket): void {
    const { delayMs, bytesPerSecond = Infinity } = this.#init;
    let free = 0;
    this.#ends.add(from);
    from.on('data', (bytes) => {
      free = Math.max(free, performance.now()) + (bytes.length / bytesPerSecond) * 1000;
      // A narrow line fills up: its sender has to wait.
      const ahead = free - performance.now();
      if (ahead > delayMs) {
        from.pause();
        setTimeout(() => from.resume(), ahead - delayMs);
      }
      setTimeout(() => to.writable && to.write(bytes), ahead + delayMs);
    });
    from.on('end', () => setTimeout(() => to.end(), delayMs + Math.max(0, free - performance.now())));
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#ends.delete(from);
      to.destroySoon();
    });
  }
}
