import type { DownloadEvent } from '../policy/models/index.ts';
import { formatBytes, formatDuration, type Terminal } from './terminal.ts';

/** Shows how far a download has come: one line rewritten on a terminal, a line every tenth of it elsewhere. */
export interface TransferProgress {
  readonly onEvent: (event: DownloadEvent) => void;
  stop(): void;
}

const REDRAW_MS = 200;

export function createTransferProgress(
  terminal: Terminal,
  now: () => number = () => performance.now(),
): TransferProgress {
  const isTerminal = terminal.err.isTTY === true;
  let began = { at: now(), have: 0 };
  let drawn = -Infinity;
  let tenth = -1;
  let unfinished = false;
  const line = (text: string): void => {
    terminal.err.write(`${unfinished ? '\r\x1b[K' : ''}${text}\n`);
    unfinished = false;
  };
  const show = (text: string, have: number, bytes: number): void => {
    if (isTerminal) {
      if (now() - drawn < REDRAW_MS && have < bytes) return;
      drawn = now();
      terminal.err.write(`\r\x1b[K${text}`);
      unfinished = true;
    } else if (Math.floor((10 * have) / Math.max(1, bytes)) > tenth) {
      tenth = Math.floor((10 * have) / Math.max(1, bytes));
      terminal.err.write(`${text}\n`);
    }
  };
  const onEvent = (event: DownloadEvent): void => {
    switch (event.type) {
      case 'model-download:started':
        began = { at: now(), have: event.have };
        tenth = -1;
        line(
          `${event.have === 0 ? 'Fetching' : `Going on after ${formatBytes(event.have)} with`} ${event.url} (${formatBytes(event.bytes)})`,
        );
        break;
      case 'model-download:progress': {
        const { have, bytes } = event;
        const rate = (have - began.have) / Math.max(0.001, (now() - began.at) / 1000);
        const left = rate > 0 ? `, ${formatDuration((bytes - have) / rate)} left` : '';
        const share = Math.floor((100 * have) / Math.max(1, bytes));
        show(`${share}% of ${formatBytes(bytes)}, ${formatBytes(rate)}/s${left}`, have, bytes);
        break;
      }
      case 'model-download:verifying': {
        const share = Math.floor((100 * event.have) / Math.max(1, event.bytes));
        show(`Reading what is there already: ${share}%`, event.have, event.bytes);
        break;
      }
      case 'model-download:restarted':
        line(`Beginning anew: ${event.because}`);
        break;
      case 'model-download:retrying':
        line(`${event.error.message}; trying again in ${formatDuration(event.inSeconds)}`);
        break;
    }
  };
  return {
    onEvent,
    stop: () => {
      if (unfinished) terminal.err.write('\n');
      unfinished = false;
    },
  };
}
