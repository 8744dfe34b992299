import type { Page } from 'playwright-core';
import {
  callReplySchema,
  commands,
  type CommandInput,
  type CommandName,
  type CommandOutput,
} from '../../../core/api/index.ts';

/**
 * Asks the node behind a page, as the page itself does.
 *
 * @throws with the node's own words where it refuses
 */
export async function callNode<C extends CommandName>(
  page: Page,
  command: C,
  input: CommandInput<C>,
): Promise<CommandOutput<C>> {
  const text = await page.evaluate<string>(`fetch('api/call/${command}', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-proofswarm-key': localStorage.getItem('proofswarm.key') },
    body: ${JSON.stringify(JSON.stringify(input))},
  }).then((response) => response.text())`);
  const reply = callReplySchema.parse(JSON.parse(text));
  if (!reply.ok) throw new Error(`${command}: ${reply.error.message}`);
  return commands[command].output.parse(reply.output) as CommandOutput<C>;
}
