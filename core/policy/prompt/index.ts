/**
 * A round's state as a chat for a language model, in the form its family was trained on and within a context's budget.
 *
 *     const family = chooseFamily(model, settings.promptFamily);
 *     const prompt = await buildPrompt({ family, state, countTokens, budget: contextSize - replyTokens, signal });
 *     // prompt.messages, prompt.tokens, prompt.dropped; transcript(prompt.messages) for Proposal.prompt
 *
 * - `buildPrompt(request: PromptRequest): Promise<Prompt>`, which throws `PromptTooLongError` where not even the bare
 *   statement fits
 * - `chooseFamily(model: ModelDescription, wanted?: string): PromptFamily`, which throws `UnknownFamilyError`
 * - `parseFamily(json: unknown): PromptFamily` for a user's own
 * - `transcript(messages): string`
 */
export type * from './types.ts';
export type { PromptFamily, PromptFamilyInput } from './family.ts';
