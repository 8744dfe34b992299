/** Elaborates sources in both ways, and reports the messages of each. */
import { BOX_ZERO } from '../../lean-bundle/wasm/objects.ts';
import {
  elaborateAsLeanDoes,
  elaborateHere,
  emptyLog,
  type ElaboratedSource,
} from '../../lean-bundle/wasm/commands.ts';
import { collectMessages } from '../../lean-bundle/wasm/messages.ts';
import { startSession } from '../../lean-bundle/wasm/start-session.ts';

export interface BothWays {
  /** Null where the source cannot be elaborated so. */
  readonly here: unknown;
  readonly asLeanDoes: unknown;
}

const [directory = ''] = process.argv.slice(2);
const { session } = await startSession({ directory });
const { objects } = session;
const environment = session.environment(['Init']).ref;

const initial = (): number =>
  objects.api.l_Lean_Elab_Command_mkState(objects.retain(environment), emptyLog(objects), BOX_ZERO);

function messagesOf(result: ElaboratedSource | undefined): unknown {
  if (result === undefined) return null;
  const messages = collectMessages(objects, result.messages, 0);
  result.dispose();
  return messages;
}

/** The second part of each source begins in the state that the first has led to. */
function bothWays([preamble, rest]: readonly [string, string]): BothWays {
  const before = elaborateHere(objects, preamble, 0, initial());
  if (before === undefined) throw new Error(`a preamble that is left to tasks: ${preamble}`);
  const start = (): number => objects.retain(before.state);
  const source = preamble + rest;
  const position = Buffer.byteLength(preamble);
  const here = messagesOf(elaborateHere(objects, source, position, start()));
  const asLeanDoes = messagesOf(elaborateAsLeanDoes(objects, source, position, start()));
  before.dispose();
  return { here, asLeanDoes };
}

process.on('message', (sources: [string, string][]) => {
  process.send?.(sources.map(bothWays));
});
process.send?.('ready');
