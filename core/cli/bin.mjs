#!/usr/bin/env node
// Runs the command on the Node that the project pins, whichever Node started this file.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import envPaths from 'env-paths';

const main = new URL('./main.ts', import.meta.url);
const [major] = process.versions.node.split('.').map(Number);
// A node mostly waits: a large young generation would be some 45 MB held for good, for nothing but rarer collections.
const flags = process.argv[2] === 'node' ? ['--max-semi-space-size=2', '--semi-space-growth-factor=1'] : [];
/** By when a command has loaded what it needs. */
const LOADED_MS = 5000;

// What was stripped of its types and compiled is kept: the next start takes less time, and neither this process nor its
// threads load what strips types, which is 12 MB in each.
const cache = process.env.PROOFSWARM_CACHE || envPaths('proofswarm', { suffix: '' }).cache;
process.env.NODE_COMPILE_CACHE ??= path.resolve(cache, 'compiled');

if (major >= 24) {
  for (const flag of flags) v8.setFlagsFromString(flag);
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  // Written at the end as well; but what was read for it is held until it is written.
  setTimeout(() => module.flushCompileCache(), LOADED_MS).unref();
  const command = await import(main.href);
  process.exitCode = await command.main(process.argv.slice(2));
} else {
  const node = pinnedNode();
  if (node === undefined) {
    console.error(
      `proofswarm needs Node 24 or newer (this is ${process.version}); run npm ci to install it.`,
    );
    process.exit(2);
  }
  const child = spawn(node, [...flags, fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both, `kill` to this one only: it is passed on, and the other takes two at once for one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function pinnedNode() {
  try {
    const directory = path.dirname(module.createRequire(import.meta.url).resolve('node/package.json'));
    const file = path.join(directory, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}
