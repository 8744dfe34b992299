import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  installation,
  PolicyShelf,
  readSettings,
  type HeldPolicy,
  type Locations,
  type ModelChoice,
} from '../node/index.ts';
import { CommandError } from './exit.ts';
import { createStepProgress } from './progress.ts';
import { oneLine, type Terminal } from './terminal.ts';

export const policyOptionsSchema = z.object({
  policy: z.enum(['portfolio', 'llama', 'mixed']),
  model: z.string().optional(),
  grammar: z.enum(['tactics', 'term', 'closer']).optional(),
});
export type PolicyOptions = z.infer<typeof policyOptionsSchema>;

export interface PolicyNeeds {
  readonly choice: ModelChoice | undefined;
  readonly locations: Locations;
  readonly options: PolicyOptions;
  readonly terminal: Terminal;
  /** Lean processes at one time. */
  readonly jobs: number;
}

/** The model that is named, or else the one that `models use` has chosen. */
export async function modelChoice(
  { policy, model }: PolicyOptions,
  { data }: Locations,
): Promise<ModelChoice | undefined> {
  if (policy === 'portfolio') {
    if (model !== undefined) throw new CommandError('--model is for --policy llama or mixed');
    return undefined;
  }
  const chosen = (await readSettings(data)).model;
  if (model === undefined) {
    if (chosen !== undefined) return chosen;
    throw new CommandError(
      `--policy ${policy} needs a model: name a GGUF file with --model, or choose one with: proofswarm models use`,
    );
  }
  const named = model.endsWith('.gguf') ? path.resolve(model) : model;
  // How the chosen one is to be run holds for this one too; its prompts need not.
  return { ...chosen, model: named, promptFamily: undefined };
}

/** Opens the policy of a run, and says how loading its model goes. */
export async function holdPolicy(
  opened: AsyncDisposableStack,
  { choice, locations, options, terminal, jobs }: PolicyNeeds,
): Promise<HeldPolicy> {
  const step = createStepProgress(terminal, 'Loading the model');
  const { grammar } = options;
  const shelf = new PolicyShelf({
    locations,
    choice: () => choice,
    leanJobs: () => jobs,
    ...(grammar === undefined
      ? {}
      : { grammar: await readFile(path.join(installation.grammars, `${grammar}.gbnf`), 'utf8') }),
    onInference: (event) => {
      if (event.type === 'inference:loading') step('reading', event.fraction);
      if (event.type === 'inference:ready') step(`ready on ${event.model.gpu}`, 1);
      if (event.type === 'inference:crashed') terminal.err.write(`model: ${oneLine(event.detail)}\n`);
    },
    onNotice: (text) => void terminal.err.write(`policy: ${oneLine(text)}\n`),
  });
  opened.defer(() => shelf.dispose());
  return shelf.hold(options.policy);
}
