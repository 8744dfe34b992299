import { z } from 'zod';
import type { LeanBackEnd } from '../back-end.ts';
import { UnjudgeableError } from '../errors.ts';
import { MalformedExportError } from '../judge/export.ts';
import { leaveOpen } from '../judge/holes.ts';
import type { ElaborateRequest, ElaborateResult, WorkerRequest } from '../protocol/index.ts';
import { leanMessageSchema, MessageCollector } from '../protocol/messages.ts';
import type { RunOptions } from '../pool.ts';
import type { WorkerReply } from '../worker.ts';
import { NdjsonReader, UnsafeExportError } from './ndjson-reader.ts';
import type { LeanRunner } from './runner.ts';

export interface ElaboratorInit {
  /** Elaborate.lean, in lean-bundle. */
  readonly program: string;
  /** Whether sources of strangers are elaborated where there is no sandbox. */
  readonly allowUnsandboxed: boolean;
}

const doneSchema = z.strictObject({
  failed: z.boolean(),
  exported: z.enum(['exported', 'missing', 'unsafe']).optional(),
  name: z.string().optional(),
  target: z.int().optional(),
  marked: z.boolean().optional(),
});
type Done = z.infer<typeof doneSchema>;

/** Elaborates statements and submissions with a native Lean, each in a process of its own. */
export class NativeElaborator implements LeanBackEnd {
  readonly processPerSource = true;
  readonly #runner: LeanRunner;
  readonly #init: ElaboratorInit;

  constructor(runner: LeanRunner, init: ElaboratorInit) {
    this.#runner = runner;
    this.#init = init;
  }

  async run(request: WorkerRequest, options: RunOptions): Promise<WorkerReply> {
    if (request.op !== 'elaborate') throw new TypeError(`an elaborator does not ${request.op}`);
    this.#refuseUnsandboxed(options);
    const collected = new Collected(request);
    const files = { 'request.json': requestFile(request), 'source.lean': request.source };
    const problem = await this.#runner.run(
      { program: this.#init.program, files, args: [], ...options },
      (line) => collected.line(line),
    );
    if (problem !== undefined) return problem;
    const result = collected.result();
    return result === undefined
      ? { kind: 'crashed', detail: 'Lean ended without a result' }
      : { kind: 'answered', result };
  }

  /** Nothing is kept warm. */
  async warmUp(): Promise<void> {}

  dispose(): Promise<void> {
    return this.#runner.dispose();
  }

  #refuseUnsandboxed({ origin }: RunOptions): void {
    const { sandbox } = this.#runner;
    if (sandbox.kind === 'available' || origin === 'own' || this.#init.allowUnsandboxed) return;
    throw new UnjudgeableError(
      'environment',
      `native Lean runs sources of strangers only in a sandbox, and ${sandbox.reason}`,
    );
  }
}

function requestFile({ imports, target, part, mark, maxHeartbeats }: ElaborateRequest): string {
  return JSON.stringify({
    imports: imports.map((module) => module.split('.')),
    target: target ?? null,
    part: part ?? 'proof',
    mark: mark ?? null,
    maxHeartbeats: maxHeartbeats ?? 0,
  });
}

/**
 * What Elaborate.lean prints. The source that it elaborates can print the same; as nothing here is trusted, such a source
 * spoils its own result only.
 */
class Collected {
  readonly #request: ElaborateRequest;
  readonly #messages = new MessageCollector();
  #reader: NdjsonReader | undefined;
  #refusal: ElaborateResult['exported'];
  #done: Done | undefined;

  constructor(request: ElaborateRequest) {
    this.#request = request;
  }

  line(line: string): void {
    // What Lean says of our own program, or what a source prints, is no JSON.
    const entry = line.startsWith('{"') ? parse(line) : undefined;
    if (entry === undefined) return;
    if ('message' in entry) this.#message(entry['message']);
    else if ('done' in entry) this.#done = doneSchema.safeParse(entry['done']).data;
    else this.#export(entry);
  }

  result(): ElaborateResult | undefined {
    const done = this.#done;
    if (done === undefined) return undefined;
    const exported = done.failed ? undefined : this.#exported(done);
    return {
      diagnostics: this.#messages.diagnostics,
      omitted: this.#messages.omitted,
      failed: done.failed,
      ...(exported === undefined ? {} : { exported }),
    };
  }

  #message(message: unknown): void {
    const parsed = leanMessageSchema.safeParse(message);
    if (parsed.success) this.#messages.add(parsed.data);
  }

  #export(entry: Readonly<Record<string, unknown>>): void {
    if ('meta' in entry) this.#reader = new NdjsonReader();
    if (this.#refusal !== undefined) return;
    try {
      this.#reader?.push(entry);
    } catch (error) {
      if (error instanceof UnsafeExportError) this.#refusal = { kind: 'unsafe', name: error.message };
      else if (error instanceof MalformedExportError) {
        this.#refusal = { kind: 'too-large', detail: error.message };
      } else throw error;
    }
  }

  #exported({ exported, name, target, marked }: Done): ElaborateResult['exported'] {
    if (this.#refusal !== undefined) return this.#refusal;
    switch (exported) {
      case undefined:
        return undefined;
      case 'missing':
        return { kind: 'missing' };
      case 'unsafe':
        return { kind: 'unsafe', name: (name ?? '').slice(0, 2000) };
      case 'exported':
        break;
    }
    if (this.#reader === undefined || target === undefined) return { kind: 'missing' };
    const data = this.#reader.finish();
    const last = data.declarations.at(-1);
    // The format has no word for a theorem without its proof.
    const { part, open } = this.#request;
    if (part === 'goal' && last?.kind === 'axiom' && last.name === target) {
      data.declarations.splice(-1, 1, { ...last, kind: 'goal' });
    }
    const result = { kind: 'exported', data, target, marked: marked ?? false } as const;
    return open === undefined ? result : leaveOpen(result, open);
  }
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
