import { SingleBar } from 'cli-progress';
import { formatDuration, oneLine, type Terminal } from './terminal.ts';

/** Shows how far a run has come: a bar on a terminal, plain lines elsewhere. */
export interface RunProgress {
  /** What is being worked on now. */
  working(name: string): void;
  finished(result: { name: string; solved: boolean; note: string; seconds: number }): void;
  stop(): void;
}

/** What is left, from what the statements so far have taken; honest only after a few of them, or half where those are all. */
export class Estimate {
  readonly #total: number;
  readonly #started: number;
  #done = 0;

  constructor(total: number, started: number = performance.now()) {
    this.#total = total;
    this.#started = started;
  }

  advance(): void {
    this.#done++;
  }

  /** Seconds that the rest will take at the pace so far; undefined before anything can be said. */
  remaining(now: number = performance.now()): number | undefined {
    if (this.#done < Math.min(3, Math.ceil(this.#total / 2))) return undefined;
    return ((now - this.#started) / 1000 / this.#done) * (this.#total - this.#done);
  }

  text(): string {
    if (this.#done >= this.#total) return 'all done';
    const seconds = this.remaining();
    return seconds === undefined ? 'estimating' : `about ${formatDuration(seconds)} left`;
  }
}

export function createRunProgress(terminal: Terminal, total: number): RunProgress {
  return terminal.err.isTTY === true ? barProgress(terminal, total) : lineProgress(terminal, total);
}

const BAR_WIDTH = 24;

function barProgress(terminal: Terminal, total: number): RunProgress {
  const estimate = new Estimate(total);
  let solved = 0;
  let name = '';
  const bar = new SingleBar({
    // Written anew with every redraw: what is left changes while a long statement is worked on.
    format: (_, { progress, value }) => {
      const done = Math.round(progress * BAR_WIDTH);
      const blocks = `${'█'.repeat(done)}${'░'.repeat(BAR_WIDTH - done)}`;
      return `${blocks} ${value}/${total} · ${solved} solved · ${estimate.text()} · ${oneLine(name, 40)}`;
    },
    stream: terminal.err,
    hideCursor: true,
    forceRedraw: true,
  });
  bar.start(total, 0);
  // A run that is ended at once must not leave the terminal without a cursor.
  const stop = (): void => bar.stop();
  process.once('exit', stop);
  return {
    working: (next) => {
      name = next;
    },
    finished: (result) => {
      estimate.advance();
      if (result.solved) solved++;
      bar.increment();
    },
    stop: () => {
      process.off('exit', stop);
      stop();
    },
  };
}

function lineProgress(terminal: Terminal, total: number): RunProgress {
  const estimate = new Estimate(total);
  let done = 0;
  return {
    working: () => {},
    finished: ({ name, solved, note, seconds }) => {
      done++;
      estimate.advance();
      const mark = solved ? 'solved' : 'open  ';
      terminal.err.write(
        `[${String(done).padStart(String(total).length)}/${total}] ${mark} ${oneLine(name)} (${note}, ${formatDuration(seconds)}; ${estimate.text()})\n`,
      );
    },
    stop: () => {},
  };
}

/** One line that says how far preparation has come; on a terminal it is rewritten in place. */
export function createStepProgress(
  terminal: Terminal,
  title: string,
): (step: string, fraction: number) => void {
  let last = '';
  return (step, fraction) => {
    const text = `${title}: ${step}`;
    if (terminal.err.isTTY === true) {
      terminal.err.write(`\r\x1b[K${text}${fraction < 1 ? ` ${Math.round(fraction * 100)}%` : '\n'}`);
    } else if (step !== last) terminal.err.write(`${text}\n`);
    last = step;
  };
}
