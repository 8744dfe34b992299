import type { Command } from './process.ts';

export interface ResourceLimits {
  /** Private writable memory, in bytes; files that are mapped to be read, such as libraries, do not count. */
  readonly memoryBytes: number;
  /** Processor time over all threads. */
  readonly cpuSeconds: number;
  /** The longest file that may be written. */
  readonly fileBytes: number;
}

const FILE_BLOCK = 512;
const CPU_GRACE_SECONDS = 5;

/**
 * A command under the system's limits, which every process that it starts inherits. Where a limit cannot be set, the
 * command is not run. Windows has no such limits for a single command; there Lean's own limit of memory has to do.
 */
export function withLimits(command: Command, limits: ResourceLimits, platform = process.platform): Command {
  if (platform === 'win32') return command;
  const settings = [
    'ulimit -c 0',
    // The soft limit ends a process by SIGXCPU, which tells it from one that was killed for its memory.
    `ulimit -S -t ${Math.ceil(limits.cpuSeconds)}`,
    `ulimit -H -t ${Math.ceil(limits.cpuSeconds) + CPU_GRACE_SECONDS}`,
    // macOS knows this limit and does not keep it.
    ...(platform === 'linux' ? [`ulimit -d ${Math.ceil(limits.memoryBytes / 1024)}`] : []),
    `ulimit -f ${Math.ceil(limits.fileBytes / FILE_BLOCK)}`,
  ];
  return {
    ...command,
    file: '/bin/sh',
    args: ['-c', `${settings.join(' && ')} && exec "$@"`, 'sh', command.file, ...command.args],
  };
}
