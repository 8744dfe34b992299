/**
 * A round's state as a chat for a language model, in the form its family was trained on and within a context's budget.
 *
 *     const family = chooseFamily(model, settings.promptFamily);
 *     const prompt = await buildPrompt({ family, state, countTokens, budget: contextSize - replyTokens, signal });
 *     // prompt.messages, prompt.tokens, prompt.dropped; transcript(prompt.messages) for Proposal.prompt
 */
export { buildPrompt, transcript } from './build.ts';
export { chooseFamily } from './choose.ts';
export { InvalidFamilyError, PromptTooLongError, UnknownFamilyError } from './errors.ts';
export { FAMILIES } from './families.ts';
export { parseFamily, type PromptFamily, type PromptFamilyInput } from './family.ts';
export type * from './types.ts';
