import { isInertCommand } from '../../core/lean/inert/command.ts';
import { declaresSyntax } from './declared.ts';
import { LeanIOError, type LeanObjects, type Ref } from './objects.ts';
import { tokensOf } from './syntax.ts';

/** Fields of `Frontend.State`, `Command.State` and `Command.Scope`. */
const FRONTEND = { commandState: 0, parserState: 1 } as const;
const COMMAND = { environment: 0, messages: 1, scopes: 2, snapshotTasks: 10 } as const;
const SCOPE = { options: 1, namespace: 2, openDeclarations: 3 } as const;
/** Fields of what `Lean.Language` calls so. */
const SNAPSHOT_TASK = { task: 3 } as const;
const SNAPSHOT_TREE = { element: 0, children: 1 } as const;
const SNAPSHOT = { diagnostics: 1 } as const;

/** What a source has led to; all is borrowed, and lasts until it is disposed of. */
export interface ElaboratedSource {
  /** The `Command.State` at its end. */
  readonly state: Ref;
  readonly environment: Ref;
  /** One or more `MessageLog`s, in the order of the source. */
  readonly messages: readonly Ref[];
  dispose(): void;
}

/** All owned. */
interface ParsedCommand {
  readonly command: Ref;
  /** The parser's state after it. */
  readonly parser: Ref;
  readonly messages: Ref;
}

/** A source that was to be elaborated only if that runs none of its author's code, and might: nothing that might has been run. */
export class RunsCodeError extends Error {
  override readonly name = 'RunsCodeError';
}

/**
 * Elaborates a source.
 * @param position where to begin, in bytes
 * @param start makes the `Command.State` to begin with, for this to own
 * @param inert stop before the first command that could run its author's code
 * @throws RunsCodeError
 */
export function elaborateSource(
  objects: LeanObjects,
  source: string,
  position: number,
  start: () => Ref,
  inert = false,
): ElaboratedSource {
  if (inert) {
    // Lean's own way looks at nothing in between.
    const elaborated = elaborateHere(objects, source, position, start(), true);
    if (elaborated === undefined) throw new RunsCodeError('a command ends in an exception');
    return elaborated;
  }
  // There the first thread's stack is a quarter of what Lean's own threads get.
  if (process.platform === 'win32') return elaborateAsLeanDoes(objects, source, position, start());
  return (
    elaborateHere(objects, source, position, start()) ??
    elaborateAsLeanDoes(objects, source, position, start())
  );
}

/** A new `MessageLog`. */
export function emptyLog(objects: LeanObjects): Ref {
  return objects.retain(objects.u32(objects.api.l_Lean_MessageLog_empty.value));
}

/**
 * Elaborates one command after the other in this thread. Lean's own way hands each to a thread that is waited for, so that all
 * it makes is counted by atomic operations and freed by another thread than made it: a third more time.
 * @returns undefined where an exception escapes a command, of which Lean's own way makes a message
 * @throws RunsCodeError
 */
export function elaborateHere(
  objects: LeanObjects,
  source: string,
  position: number,
  state: Ref,
  inert = false,
): ElaboratedSource | undefined {
  const { api } = objects;
  const { input, parser } = inputOf(objects, source, position);
  const messages: Ref[] = [];
  const forget = (): void => {
    for (const ref of [...messages, input]) objects.release(ref);
  };
  let current = objects.make(0, [state, parser, objects.nat(position), objects.array([])]);
  for (;;) {
    const parsed = parse(objects, input, current);
    messages.push(parsed.messages);
    if (inert && !isInertCommand(tokensOf(objects, parsed.command))) {
      for (const ref of [current, parsed.command, parsed.parser]) objects.release(ref);
      forget();
      throw new RunsCodeError('a command could run code of its author');
    }
    const last = api.l_Lean_Parser_isTerminalCommand(objects.retain(parsed.command)) !== 0;
    const elaborated = elaborateCommand(objects, parsed, input, current);
    if (elaborated === undefined) {
      forget();
      return undefined;
    }
    current = elaborated;
    const after = objects.field(current, FRONTEND.commandState);
    if (inert && declaresSyntax(objects, objects.field(after, COMMAND.environment))) {
      objects.release(current);
      forget();
      throw new RunsCodeError('a constant that Lean could take for tactics');
    }
    messages.push(objects.retain(objects.field(after, COMMAND.messages)));
    for (const log of logsOf(objects, objects.field(after, COMMAND.snapshotTasks))) messages.push(log);
    if (last) return resultOf(objects, current, messages, forget);
  }
}

/**
 * The logs, owned, of what a command has told as snapshots, as where it makes the equations of a definition. Waits for what is
 * not done.
 * @param tasks an array of `SnapshotTask`s, borrowed
 */
function logsOf(objects: LeanObjects, tasks: Ref): Ref[] {
  const logs: Ref[] = [];
  const open = objects.elements(tasks).toReversed();
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    const tree = objects.api.lean_task_get(objects.field(task, SNAPSHOT_TASK.task));
    const snapshot = objects.field(tree, SNAPSHOT_TREE.element);
    logs.push(objects.field(objects.field(snapshot, SNAPSHOT.diagnostics), 0));
    open.push(...objects.elements(objects.field(tree, SNAPSHOT_TREE.children)).toReversed());
  }
  return logs.map((log) => objects.retain(log));
}

/** The next command, in the scope that a `Frontend.State`, borrowed, has come to. */
function parse(objects: LeanObjects, input: Ref, current: Ref): ParsedCommand {
  const state = objects.field(current, FRONTEND.commandState);
  const scope = objects.field(objects.field(state, COMMAND.scopes), 0);
  // structure ParserModuleContext: env, options, currNamespace, openDecls
  const context = objects.make(0, [
    objects.retain(objects.field(state, COMMAND.environment)),
    ...[SCOPE.options, SCOPE.namespace, SCOPE.openDeclarations].map((field) =>
      objects.retain(objects.field(scope, field)),
    ),
  ]);
  const parser = objects.retain(objects.field(current, FRONTEND.parserState));
  const pair = objects.api.l_Lean_Parser_parseCommand(
    objects.retain(input),
    context,
    parser,
    emptyLog(objects),
  );
  const rest = objects.field(pair, 1);
  const [command, after, messages] = [objects.field(pair, 0), objects.field(rest, 0), objects.field(rest, 1)];
  for (const ref of [command, after, messages]) objects.retain(ref);
  objects.release(pair);
  return { command, parser: after, messages };
}

/**
 * @param current the `Frontend.State` before it, owned
 * @returns the one after it; undefined where an exception escapes the command
 */
function elaborateCommand(
  objects: LeanObjects,
  { command, parser }: ParsedCommand,
  input: Ref,
  current: Ref,
): Ref | undefined {
  const { api } = objects;
  const position = objects.field(objects.field(current, FRONTEND.parserState), 0);
  // Each command begins with a new log, and with none of the tasks of those before it.
  const state = objects.copyWith(objects.field(current, FRONTEND.commandState), {
    [COMMAND.snapshotTasks]: objects.array([]),
  });
  const before = objects.make(0, [state, parser, objects.retain(position), objects.array([])]);
  // Let go of first, so that what only the state holds is changed where it stands.
  objects.release(current);
  const ref = api.lean_st_mk_ref(before);
  try {
    objects.release(objects.io(api.l_Lean_Elab_Frontend_elabCommandAtFrontend(command, input, ref)));
    return api.lean_st_ref_get(ref);
  } catch (error) {
    if (error instanceof LeanIOError) return undefined;
    throw error;
  } finally {
    objects.release(ref);
  }
}

/** Elaborates a source by the function that Lean's own command line uses. */
export function elaborateAsLeanDoes(
  objects: LeanObjects,
  source: string,
  position: number,
  state: Ref,
): ElaboratedSource {
  const { input, parser } = inputOf(objects, source, position);
  const result = objects.io(objects.api.l_Lean_Elab_IO_processCommands(input, parser, state));
  return resultOf(objects, result);
}

/** `Parser.InputContext` and `Parser.ModuleParserState`. */
function inputOf(
  objects: LeanObjects,
  source: string,
  position: number,
): { readonly input: Ref; readonly parser: Ref } {
  const text = objects.string(source);
  const end = objects.nat(Buffer.byteLength(source));
  const fileMap = objects.api.l_Lean_FileMap_ofString(objects.retain(text));
  return {
    input: objects.make(0, [text, objects.string('<input>'), fileMap, end]),
    parser: objects.make(0, [objects.nat(position)], [0]),
  };
}

/** @param result a `Frontend.State`, owned @param logs those of its commands, where it does not hold all messages itself */
function resultOf(
  objects: LeanObjects,
  result: Ref,
  logs?: readonly Ref[],
  forget: () => void = () => {},
): ElaboratedSource {
  const state = objects.field(result, FRONTEND.commandState);
  return {
    state,
    environment: objects.field(state, COMMAND.environment),
    messages: logs ?? [objects.field(state, COMMAND.messages)],
    dispose: () => {
      forget();
      objects.release(result);
    },
  };
}
