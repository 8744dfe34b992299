import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const execute = promisify(execFile);

/** Why hosts cannot be made of network namespaces here, where they cannot; they take root, iproute2 and nftables. */
export const noNamespaces: string | undefined = reason(() => {
  execFileSync('ip', ['netns', 'add', 'psw-probe'], { stdio: 'pipe' });
  try {
    execFileSync('ip', ['netns', 'exec', 'psw-probe', 'nft', 'list', 'ruleset'], { stdio: 'pipe' });
  } finally {
    execFileSync('ip', ['netns', 'del', 'psw-probe'], { stdio: 'pipe' });
  }
});

/** Why delays cannot be put on links here, where they cannot: not every kernel has netem. */
export const noDelays: string | undefined =
  noNamespaces ??
  reason(() => {
    execFileSync('ip', ['netns', 'add', 'psw-probe'], { stdio: 'pipe' });
    try {
      const netem = ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'];
      execFileSync('ip', ['netns', 'exec', 'psw-probe', ...netem], { stdio: 'pipe' });
    } finally {
      execFileSync('ip', ['netns', 'del', 'psw-probe'], { stdio: 'pipe' });
    }
  });

function reason(attempt: () => void): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { readonly stderr?: Buffer };
    return code === 'ENOENT' ? message : (stderr?.toString().trim() ?? message);
  }
}

let made = 0;

/** Hosts of their own on one switch: namespaces that end with the test. */
export class Hosts {
  readonly #prefix = `psw${process.pid % 10_000}-${made++}`;

  private constructor() {}

  /** So many hosts, 10.77.0.1 and up. */
  static async make(count: number): Promise<Hosts> {
    const hosts = new Hosts();
    await hosts.#add('switch');
    await hosts.#in('switch', 'ip', 'link', 'add', 'bridge', 'type', 'bridge');
    await hosts.#in('switch', 'ip', 'link', 'set', 'bridge', 'up');
    for (let n = 1; n <= count; n++) {
      await hosts.#add(`${n}`);
      await hosts.#link(`${n}`, 'eth', 'switch', `port${n}`);
      await hosts.#in('switch', 'ip', 'link', 'set', `port${n}`, 'master', 'bridge');
      await hosts.#in(`${n}`, 'ip', 'address', 'add', `10.77.0.${n}/24`, 'dev', 'eth');
    }
    return hosts;
  }

  /** What stands before a command that is to run on a host. */
  within(host: number): string[] {
    return ['ip', 'netns', 'exec', this.#name(`${host}`)];
  }

  listen(host: number): string {
    return `/ip4/10.77.0.${host}/tcp/4001`;
  }

  /** Pulls a host's cable, or puts it back. */
  async plug(host: number, isIn: boolean): Promise<void> {
    await this.#in('switch', 'ip', 'link', 'set', `port${host}`, isIn ? 'up' : 'down');
  }

  /** Drops what comes in, by chance. */
  async lose(host: number, percent: number): Promise<void> {
    await this.#nft(host, 'add table inet loss');
    await this.#nft(host, 'add chain inet loss in { type filter hook input priority 0; }');
    await this.#nft(host, `add rule inet loss in iif eth numgen random mod 100 < ${percent} drop`);
  }

  async delay(host: number, milliseconds: number): Promise<void> {
    const netem = ['root', 'netem', 'delay', `${milliseconds}ms`];
    await this.#in(`${host}`, 'tc', 'qdisc', 'add', 'dev', 'eth', ...netem);
  }

  /** Makes a host a router with a private network behind it, and one host in that: `number`, 10.78.0.2. */
  async hide(number: number, behind: number): Promise<void> {
    await this.#add(`${number}`);
    await this.#link(`${number}`, 'eth', `${behind}`, 'private');
    await this.#in(`${number}`, 'ip', 'address', 'add', '10.78.0.2/24', 'dev', 'eth');
    await this.#in(`${behind}`, 'ip', 'address', 'add', '10.78.0.1/24', 'dev', 'private');
    await this.#in(`${number}`, 'ip', 'route', 'add', 'default', 'via', '10.78.0.1');
    await this.#in(`${behind}`, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
    await this.#nft(behind, 'add table ip nat');
    await this.#nft(behind, 'add chain ip nat out { type nat hook postrouting priority 100; }');
    await this.#nft(behind, 'add rule ip nat out oif eth masquerade');
  }

  #name(host: string): string {
    return `${this.#prefix}-${host}`;
  }

  async #add(host: string): Promise<void> {
    const name = this.#name(host);
    await execute('ip', ['netns', 'add', name]);
    onTestFinished(async () => {
      await execute('ip', ['netns', 'del', name]);
    });
    await this.#in(host, 'ip', 'link', 'set', 'lo', 'up');
  }

  /** A cable between two hosts. */
  async #link(host: string, device: string, other: string, otherDevice: string): Promise<void> {
    const peer = ['peer', 'name', otherDevice, 'netns', this.#name(other)];
    await execute('ip', ['link', 'add', device, 'netns', this.#name(host), 'type', 'veth', ...peer]);
    await this.#in(host, 'ip', 'link', 'set', device, 'up');
    await this.#in(other, 'ip', 'link', 'set', otherDevice, 'up');
  }

  async #nft(host: number, command: string): Promise<void> {
    await this.#in(`${host}`, 'nft', command);
  }

  async #in(host: string, ...command: readonly string[]): Promise<void> {
    await execute('ip', ['netns', 'exec', this.#name(host), ...command]);
  }
}
