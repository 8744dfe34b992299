import type { CommandHandlers, DiagnoseReply, GoalsReply } from '../../api/index.ts';
import type { LeanChecker } from '../../lean/index.ts';
import { makeStatement, type Diagnostic, type Environment, type Position } from '../../record/index.ts';
import { environmentOf } from '../../statement/index.ts';
import { goalProbes } from './goal-probes.ts';
import { cut } from './text.ts';

export interface LeanEditorComponents {
  readonly checker: () => Promise<Pick<LeanChecker, 'check'>>;
}

export interface LeanEditorInit {
  readonly environment: Environment;
  /** Of texts that import more than the toolchain. */
  readonly library?: Environment;
  /** Wall-clock limit of one request, in milliseconds. */
  readonly timeoutMs: number;
}

type Elaborated =
  | { readonly kind: 'elaborated'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'gave-up'; readonly detail: string };

const SHOWN = 100;

/**
 * What Lean says of a text in an editor. A text is put to the checker as a submission for a theorem that it does not
 * hold: so it goes through the same sandbox as every submission, and all messages come back.
 */
export class LeanEditor {
  readonly #components: LeanEditorComponents;
  readonly #init: LeanEditorInit;
  /** What is under way, by document and kind of request. */
  readonly #pending = new Map<string, AbortController>();

  constructor(components: LeanEditorComponents, init: LeanEditorInit) {
    this.#components = components;
    this.#init = init;
  }

  handlers(): Pick<CommandHandlers, 'lean.diagnose' | 'lean.goals'> {
    return {
      'lean.diagnose': ({ document, text }, signal) =>
        this.#latest(`${document} diagnose`, signal, (latest) => this.#diagnose(text, latest)),
      'lean.goals': ({ document, text, position }, signal) =>
        this.#latest(`${document} goals`, signal, (latest) => this.#goals(text, position, latest)),
    };
  }

  /** Ends an earlier request of the same kind about the document, which then answers `superseded`. */
  async #latest<T>(
    key: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | { kind: 'superseded' }> {
    this.#pending.get(key)?.abort(new Error('superseded'));
    const own = new AbortController();
    this.#pending.set(key, own);
    try {
      return await work(AbortSignal.any([signal, own.signal]));
    } catch (error) {
      if (own.signal.aborted && !signal.aborted) return { kind: 'superseded' };
      throw error;
    } finally {
      if (this.#pending.get(key) === own) this.#pending.delete(key);
    }
  }

  async #diagnose(text: string, signal: AbortSignal): Promise<DiagnoseReply> {
    const started = performance.now();
    const result = await this.#elaborate(text, signal);
    if (result.kind === 'gave-up') return result;
    return {
      kind: 'diagnosed',
      diagnostics: result.diagnostics.slice(0, SHOWN),
      omitted: Math.max(0, result.diagnostics.length - SHOWN),
      milliseconds: performance.now() - started,
    };
  }

  async #goals(text: string, position: Position, signal: AbortSignal): Promise<GoalsReply> {
    for (const probe of goalProbes(text, position)) {
      const result = await this.#elaborate(probe.text, signal);
      if (result.kind === 'gave-up') return result;
      const shown = result.diagnostics.find(
        ({ severity, position: at }) => severity === 'information' && at.line === probe.line,
      );
      if (shown === undefined) continue;
      return { kind: 'goals', goals: splitGoals(shown.message) };
    }
    return { kind: 'no-goals', detail: 'no proof is open at this place' };
  }

  async #elaborate(text: string, signal: AbortSignal): Promise<Elaborated> {
    const checker = await this.#components.checker();
    signal.throwIfAborted();
    const { timeoutMs } = this.#init;
    const probe = makeStatement({
      environment: environmentOf(text, this.#init),
      header: '',
      formal: 'theorem «proofswarm editor probe» : True',
      name: '«proofswarm editor probe»',
    });
    const { verdict } = await checker.check(probe, text, { signal, timeoutMs, origin: 'own' });
    switch (verdict.kind) {
      case 'failed':
        return { kind: 'elaborated', diagnostics: verdict.diagnostics };
      case 'rejected':
        // `theorem-missing` is what a text without errors comes to.
        if (verdict.reason === 'theorem-missing')
          return { kind: 'elaborated', diagnostics: verdict.diagnostics };
        return { kind: 'elaborated', diagnostics: [atTop(verdict.detail), ...verdict.diagnostics] };
      case 'exhausted':
        if (verdict.resource === 'heartbeats')
          return { kind: 'elaborated', diagnostics: [atTop(verdict.detail)] };
        return { kind: 'gave-up', detail: cut(verdict.detail, 2000) };
      case 'crashed':
        return { kind: 'gave-up', detail: cut(verdict.detail, 2000) };
      case 'proved':
        return { kind: 'elaborated', diagnostics: [] };
    }
  }
}

const atTop = (message: string): Diagnostic => ({
  severity: 'error',
  position: { line: 1, column: 0 },
  message,
  kind: 'proofswarm',
});

/** Lean prints goals one after another, with a blank line between. */
function splitGoals(text: string): string[] {
  return text
    .split(/\n\n+/)
    .map((goal) => cut(goal.trim(), 20_000))
    .filter((goal) => goal !== '' && goal !== 'no goals')
    .slice(0, 50);
}
