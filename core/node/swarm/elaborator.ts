import { UnjudgeableError } from '../../lean/index.ts';
import { elaborateWaiting, type Elaboration, type ElaborationSource } from '../../network/board/index.ts';
import type { CheckOptions, Environment, Statement } from '../../record/index.ts';

export interface ElaboratorComponents {
  readonly board: ElaborationSource;
  readonly checker: {
    supports(environment: Environment): boolean;
    checkStatement(statement: Statement, options: CheckOptions): Promise<void>;
  };
  /** Whether anybody would work on what is elaborated; what waits keeps waiting where nobody would. */
  readonly isWanted: () => boolean;
  readonly onElaborated: () => void;
  /** Lean is not to be had; tried again when something else comes onto the board. */
  readonly onFault: (error: unknown) => void;
}

/** Statements are worked on only once this node's own Lean has made sense of them: does that, whenever some wait. */
export class Elaborator {
  readonly #components: ElaboratorComponents;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #again = false;

  constructor(components: ElaboratorComponents) {
    this.#components = components;
  }

  soon(): void {
    if (!this.#components.isWanted()) return;
    this.#again = true;
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the node is stopping'));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { board, onElaborated, onFault } = this.#components;
    const { signal } = this.#stopping;
    try {
      while (this.#again) {
        this.#again = false;
        const elaborate = (statement: Statement): Promise<Elaboration> => this.#elaborate(statement);
        if ((await elaborateWaiting(board, elaborate, { signal })) > 0) onElaborated();
      }
    } catch (error) {
      if (!signal.aborted) onFault(error);
    } finally {
      this.#running = undefined;
    }
  }

  async #elaborate(statement: Statement): Promise<Elaboration> {
    const { signal } = this.#stopping;
    const { checker } = this.#components;
    if (!checker.supports(statement.environment)) return { kind: 'unsupported' };
    try {
      await checker.checkStatement(statement, { signal, origin: 'peer' });
      return { kind: 'elaborates' };
    } catch (error) {
      if (!(error instanceof UnjudgeableError)) throw error;
      // Nobody is to hear from a machine that is short of memory that a statement is none.
      if (error.reason === 'resources') return { kind: 'unsupported' };
      return { kind: 'invalid', detail: error.message.slice(0, 1000) };
    }
  }
}
