import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { SensorName } from '../../api/index.ts';
import { errorInWords } from '../../process/index.ts';
import { readDisk, type DiskInit } from './disk-sensor.ts';
import { known, unknown, type Reading, type Readings, type Sensors } from './sensors.ts';

export interface LinuxSensorsInit extends DiskInit {
  /** Where `sys`, `proc` and `dev` are; the root directory unless set. */
  readonly root?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const NMCLI_TIMEOUT_MS = 5000;
const NOT_ASKED = unknown('not asked');

/** Reads `/sys`, `/proc` and `/dev`, and asks NetworkManager. Who uses a desktop only a desktop program can tell. */
export function linuxSensors(init: LinuxSensorsInit): Sensors {
  const { root = '/', env = process.env } = init;
  return {
    async read(wanted, signal): Promise<Readings> {
      const ask = <T>(name: SensorName, read: () => Promise<Reading<T>>): Promise<Reading<T>> =>
        wanted.has(name) ? read() : Promise.resolve(NOT_ASKED);
      const [idle, battery, metered, programs, disk] = await Promise.all([
        ask('idle', () => readIdle(root, env)),
        ask('battery', () => readBattery(root)),
        ask('metered', () => readMetered(signal)),
        ask('programs', () => readPrograms(root)),
        readDisk(init, signal),
      ]);
      return { idle, battery, metered, programs, disk };
    },
  };
}

/** As `w` does: when a terminal was last typed into. */
async function readIdle(root: string, env: NodeJS.ProcessEnv): Promise<Readings['idle']> {
  const session =
    env['XDG_SESSION_TYPE'] ?? (env['WAYLAND_DISPLAY'] ? 'wayland' : env['DISPLAY'] ? 'x11' : '');
  if (session === 'wayland') return unknown('Wayland tells no program whether the machine is being used');
  if (session === 'x11') return unknown('in an X11 session only the desktop app can tell');
  try {
    const directory = path.join(root, 'dev/pts');
    const names = (await readdir(directory)).filter((name) => /^\d+$/.test(name));
    const times = await Promise.all(names.map((name) => stat(path.join(directory, name))));
    const last = Math.max(0, ...times.map(({ atimeMs }) => atimeMs));
    if (last > 0) return known(Math.max(0, (Date.now() - last) / 1000));
    return known(Number.parseFloat(await readFile(path.join(root, 'proc/uptime'), 'utf8')));
  } catch (error) {
    return unknown(`the terminals cannot be looked at: ${errorInWords(error)}`);
  }
}

async function readBattery(root: string): Promise<Readings['battery']> {
  const directory = path.join(root, 'sys/class/power_supply');
  try {
    const supplies = await Promise.all(
      (await readdir(directory)).map(async (name) => {
        const field = async (file: string): Promise<string> =>
          (await readFile(path.join(directory, name, file), 'utf8').catch(() => '')).trim();
        return {
          type: await field('type'),
          // A mouse's battery says `Device`.
          scope: await field('scope'),
          status: await field('status'),
          capacity: await field('capacity'),
        };
      }),
    );
    const batteries = supplies.filter(({ type, scope }) => type === 'Battery' && scope !== 'Device');
    if (batteries.length === 0) return known({ onBattery: false });
    const percents = batteries.map(({ capacity }) => Number.parseInt(capacity, 10)).filter(Number.isFinite);
    const percent = Math.min(100, ...percents.map((value) => Math.max(0, value)));
    return known({
      onBattery: batteries.some(({ status }) => status === 'Discharging'),
      ...(percents.length === 0 ? {} : { percent }),
    });
  } catch (error) {
    return unknown(`the power supplies cannot be looked at: ${errorInWords(error)}`);
  }
}

async function readMetered(signal: AbortSignal): Promise<Readings['metered']> {
  try {
    const { stdout } = await promisify(execFile)(
      'nmcli',
      ['--terse', '--fields', 'GENERAL.STATE,GENERAL.METERED', 'device', 'show'],
      { timeout: NMCLI_TIMEOUT_MS, maxBuffer: 1_000_000, signal },
    );
    return readMeteredOutput(stdout);
  } catch {
    signal.throwIfAborted();
    return unknown('NetworkManager, which could tell whether the connection is metered, does not answer');
  }
}

/** What `nmcli` prints: blocks of a device each, parted by blank lines. */
export function readMeteredOutput(stdout: string): Readings['metered'] {
  const connected = stdout.split(/\n\s*\n/).filter((block) => /^GENERAL\.STATE:100\b/m.test(block));
  const answers = connected.map((block) => /^GENERAL\.METERED:(\w+)/m.exec(block)?.[1]);
  if (answers.includes('yes')) return known(true);
  if (answers.includes('no')) return known(false);
  return unknown('NetworkManager does not say whether the connection is metered');
}

async function readPrograms(root: string): Promise<Readings['programs']> {
  const directory = path.join(root, 'proc');
  try {
    const pids = (await readdir(directory)).filter((name) => /^\d+$/.test(name));
    const names = await Promise.all(pids.map((pid) => programName(path.join(directory, pid))));
    return known([...new Set(names.flat())]);
  } catch (error) {
    return unknown(`the running programs cannot be listed: ${errorInWords(error)}`);
  }
}

/** The kernel's name has 15 characters; the command line has the whole. */
async function programName(directory: string): Promise<string[]> {
  const read = (file: string): Promise<string> =>
    readFile(path.join(directory, file), 'utf8').catch(() => '');
  const [comm, command] = await Promise.all([read('comm'), read('cmdline')]);
  return [comm.trim(), path.basename(command.split('\0')[0] ?? '')].filter((name) => name !== '');
}
