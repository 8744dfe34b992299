import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const WRITERS =
  /^(append|ch|copy|cp$|create(Write)|fch|ftrunc|futimes|lch|link|lutimes|mk|rename|rm|symlink|truncate|unlink|utimes|writeFile)/;
const OPENERS = /^open(Sync)?$/;

/**
 * Takes from this process what Lean never needs: starting programs, the network, writing files. Lean runs inside
 * WebAssembly, which can reach none of it; this holds where something of Lean's glue can be abused. A utility process
 * knows no permissions (Node's `--permission` does nothing there), so the desktop app has this in their place.
 */
export function restrictProcess(): void {
  const denied = (name: string) => (): never => {
    throw new Error(`${name} is not for this process`);
  };
  const replace = (module: object, prefix: string, isDenied: (name: string) => boolean): void => {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== 'function' || !isDenied(name)) continue;
      Object.defineProperty(module, name, { value: denied(`${prefix}.${name}`), configurable: false });
    }
  };
  const all = (): boolean => true;
  replace(childProcess, 'child_process', all);
  // Standard output and error are sockets themselves: what is taken is the way to elsewhere.
  replace(net, 'net', (name) => /^(connect|create)/.test(name));
  replace(net.Socket.prototype, 'net.Socket', (name) => name === 'connect');
  replace(net.Server.prototype, 'net.Server', (name) => name === 'listen');
  replace(dgram, 'dgram', all);
  // Standard output may be a file that is open already: only the ways to open one for writing are taken.
  replace(fs, 'fs', (name) => WRITERS.test(name));
  replace(fs.promises, 'fs.promises', (name) => WRITERS.test(name));
  readOnly(fs);
  readOnly(fs.promises);
  syncBuiltinESMExports();
}

const { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND } = fs.constants;

/** Emscripten adds flags of its own (large files, close on exec), which do no harm. */
function isReading(flags: unknown): boolean {
  if (typeof flags === 'number') return (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)) === 0;
  return flags === 'r' || typeof flags === 'function';
}

/** Has a module open files for reading only. */
function readOnly(module: object): void {
  for (const [name, open] of Object.entries(module)) {
    if (typeof open !== 'function' || !OPENERS.test(name)) continue;
    const value = (file: unknown, flags: unknown = 'r', ...rest: unknown[]): unknown => {
      if (!isReading(flags)) throw new Error(`fs.${name} for writing is not for this process`);
      return (open as (...args: unknown[]) => unknown).call(module, file, flags, ...rest);
    };
    Object.defineProperty(module, name, { value, configurable: false });
  }
}
