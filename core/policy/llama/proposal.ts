import { createHash } from 'node:crypto';
import type { Proposal, RoundState } from '../../record/index.ts';
import type { chooseFamily, Dropped, Prompt } from '../prompt/index.ts';
import { readReply, splitReply, type MonitorStop } from '../replies/index.ts';
import type { GenerationResult, ModelState } from './types.ts';

/** A reply as a proposal, with all that is known of how it came about. */
export function proposalOf(
  state: RoundState,
  result: GenerationResult,
  context: {
    readonly model: ModelState;
    readonly prompt: Prompt;
    readonly seed: number;
    readonly stop: MonitorStop | undefined;
    readonly startsInThinking: boolean;
  },
): Proposal {
  const { model, prompt, seed, stop, startsInThinking } = context;
  const reading = readReply(state.statement, result.text, { startsInThinking });
  return {
    ...(reading.kind === 'submission'
      ? { submission: reading.submission }
      : { submission: '', defect: reading.detail }),
    prompt: result.prompt,
    response: result.text,
    promptTokens: result.promptTokens,
    generatedTokens: result.generatedTokens,
    generation: {
      model: model.fileName,
      family: prompt.family,
      seed,
      stopReason: result.stopReason,
      ...(stop === undefined ? {} : { stopped: stop.kind }),
      thinking: splitReply(result.text, { startsInThinking }).thinking,
      omitted: prompt.dropped.map(describeDropped),
      cachedTokens: result.cachedTokens,
      milliseconds: result.milliseconds,
    },
  };
}

/** 32 bits that differ between statements, rollouts and rounds. */
export function seedOf(seed: number, { statement, rollout, round }: RoundState): number {
  return createHash('sha256')
    .update(JSON.stringify([seed, statement.id, rollout, round]))
    .digest()
    .readUInt32LE();
}

/** What a model says of itself, for the choice of its prompt family. */
export function descriptionOf(model: ModelState): Parameters<typeof chooseFamily>[0] {
  const { name, basename, architecture, organization, baseModels, fileName } = model;
  return {
    baseModels,
    fileName,
    ...(name === undefined ? {} : { name }),
    ...(basename === undefined ? {} : { basename }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(organization === undefined ? {} : { organization }),
  };
}

function describeDropped(dropped: Dropped): string {
  switch (dropped.part) {
    case 'reference':
      return `reference ${dropped.id} (${dropped.reason})`;
    case 'diagnostics':
      return `${dropped.left} of ${dropped.of} diagnostics (${dropped.reason})`;
    case 'message-text':
      return `the middle of ${dropped.messages} messages (${dropped.reason})`;
    case 'attempt':
    case 'informal':
    case 'reply':
      return `${dropped.part} (${dropped.reason})`;
  }
}
