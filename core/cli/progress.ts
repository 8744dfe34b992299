import { SingleBar } from 'cli-progress';
import type { Statement } from '../record/index.ts';
import { Estimate, type EstimateInit } from './estimate.ts';
import { formatDuration, oneLine, type Terminal } from './terminal.ts';

/** A statement that was tried, and how it ended. */
export interface FinishedStatement {
  readonly name: string;
  readonly difficulty?: Statement['difficulty'];
  readonly solved: boolean;
  readonly note: string;
  readonly seconds: number;
}

/** Shows how far a run has come: a bar on a terminal, plain lines elsewhere. */
export interface RunProgress {
  /** What is being worked on now. */
  working(name: string): void;
  finished(result: FinishedStatement): void;
  stop(): void;
}

export function createRunProgress(terminal: Terminal, init: EstimateInit): RunProgress {
  return terminal.err.isTTY === true ? barProgress(terminal, init) : lineProgress(terminal, init);
}

const BAR_WIDTH = 24;

function barProgress(terminal: Terminal, init: EstimateInit): RunProgress {
  const estimate = new Estimate(init);
  const total = init.statements.length;
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
      estimate.advance(result, result.seconds);
      if (result.solved) solved++;
      bar.increment();
    },
    stop: () => {
      process.off('exit', stop);
      stop();
    },
  };
}

function lineProgress(terminal: Terminal, init: EstimateInit): RunProgress {
  const estimate = new Estimate(init);
  const total = init.statements.length;
  let done = 0;
  return {
    working: () => {},
    finished: (result) => {
      const { name, solved, note, seconds } = result;
      done++;
      estimate.advance(result, seconds);
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
