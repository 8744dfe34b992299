/**
 * Adds to package-lock.json the platform packages that a dependency offers as optional ones and that the registry at hand
 * does not serve: `npm install` leaves them out, and `npm ci` then refuses the lock, here and on those platforms.
 * Run it after every change of dependencies; entries made so have no integrity hash.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** The part of a platform package's name that says where it runs → its `os`, `cpu` and `libc`. */
function platform(name) {
  const found = /(darwin|mac|win32|win|linux|freebsd|android)-(arm64|armv7l|arm|x64|riscv64|ia32)/.exec(name);
  if (found === null) return undefined;
  const os = { mac: 'darwin', win: 'win32' }[found[1]] ?? found[1];
  const cpu = found[2] === 'armv7l' ? 'arm' : found[2];
  const libc = os !== 'linux' ? undefined : name.includes('musl') ? ['musl'] : ['glibc'];
  return { cpu: [cpu], ...(libc ? { libc } : {}), os: [os] };
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const added = [];
for (const [location, entry] of Object.entries(lock.packages)) {
  if (location === '') continue;
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    const own = platform(name);
    if (place in lock.packages || `${location}/${place}` in lock.packages || own === undefined) continue;
    if (!/^\d+\.\d+\.\d+/.test(version)) continue;
    lock.packages[place] = {
      version,
      cpu: own.cpu,
      ...(entry.dev ? { dev: true } : {}),
      ...(own.libc ? { libc: own.libc } : {}),
      license: entry.license,
      optional: true,
      os: own.os,
    };
    added.push(name);
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'nothing to add' : `added ${added.join(', ')}`);
