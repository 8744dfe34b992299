import { cuts } from './cuts.ts';
import { PromptTooLongError } from './errors.ts';
import { gather } from './material.ts';
import { render } from './render.ts';
import type { ChatMessage, Prompt, PromptRequest } from './types.ts';

/**
 * The fullest prompt that fits the budget by the rule of `cuts`. Its tokens have been counted as a whole, so that they
 * exceed the budget never. Counts a few times only: the cuts are searched by bisection.
 * @throws PromptTooLongError where the bare statement does not fit; the signal's reason once it is aborted
 */
export async function buildPrompt(request: PromptRequest): Promise<Prompt> {
  const { family, state, countTokens, budget, signal } = request;
  const material = gather(family, state);
  const all = cuts(family, material);
  const attempt = async (index: number): Promise<Prompt & { readonly fits: boolean }> => {
    signal?.throwIfAborted();
    const cut = all[index];
    if (cut === undefined) throw new RangeError(`no cut ${index} of ${all.length}`);
    const { messages, dropped } = render(family, material, cut);
    const tokens = await countTokens(messages);
    const references = material.references.slice(0, cut.references).map(({ id }) => id);
    return { family: family.name, messages, tokens, references, dropped, fits: tokens <= budget };
  };
  const full = await attempt(0);
  if (full.fits) return prompt(full);
  let best = all.length === 1 ? full : await attempt(all.length - 1);
  if (!best.fits) throw new PromptTooLongError(best.tokens, budget);
  for (let tooMuch = 0, fits = all.length - 1; fits - tooMuch > 1;) {
    const middle = (tooMuch + fits) >> 1;
    const tried = await attempt(middle);
    if (tried.fits) {
      fits = middle;
      best = tried;
    } else tooMuch = middle;
  }
  return prompt(best);
}

function prompt({ family, messages, tokens, references, dropped }: Prompt): Prompt {
  return { family, messages, tokens, references, dropped };
}

/** A conversation as one text, for the record of an attempt; no model is asked with it. */
export function transcript(messages: readonly ChatMessage[]): string {
  return messages.map(({ role, content }) => `[${role}]\n${content}`).join('\n\n');
}
