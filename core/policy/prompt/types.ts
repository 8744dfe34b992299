import type { RoundState } from '../../record/index.ts';
import type { PromptFamily } from './family.ts';

/**
 * One turn of a chat. The model's own template turns it into tokens elsewhere; `content` is data and must be tokenized
 * as plain text, without special tokens: premises and diagnostics hold strangers' text.
 */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Tokens of a whole conversation, the template's own included. May ask another process. */
export type CountTokens = (messages: readonly ChatMessage[]) => number | Promise<number>;

/** What of a state did not make it into a prompt, or only in part. */
export type Dropped = {
  /** `limit`: the family's own bound. `budget`: the context has no room for it. */
  readonly reason: 'limit' | 'budget';
} & (
  | { readonly part: 'reference'; /** The premise's id. */ readonly id: string }
  /** Lean messages that are not shown, of how many. */
  | { readonly part: 'diagnostics'; readonly left: number; readonly of: number }
  /** Lean messages of which the middle is cut out. */
  | {
      readonly part: 'message-text';
      readonly messages: number;
      /** UTF-16 code units. */ readonly longest: number;
    }
  /** The model's words around its previous code. */
  | { readonly part: 'reply' }
  /** The previous attempt, with all that Lean said of it. */
  | { readonly part: 'attempt' }
  | { readonly part: 'informal' }
);

export interface Prompt {
  /** The family's name. */
  readonly family: string;
  readonly messages: readonly ChatMessage[];
  /** As the given counter counts them. */
  readonly tokens: number;
  /** Ids of the premises shown, best first. */
  readonly references: readonly string[];
  /** Empty where everything is shown. */
  readonly dropped: readonly Dropped[];
}

export interface PromptRequest {
  readonly family: PromptFamily;
  readonly state: RoundState;
  readonly countTokens: CountTokens;
  /** Tokens that the prompt may take: the context size less what is reserved for the reply. */
  readonly budget: number;
  readonly signal?: AbortSignal;
}

/** What is known of a model, from its GGUF metadata and its file. All of it is a stranger's text. */
export interface ModelDescription {
  /** `general.name` */
  readonly name?: string;
  /** `general.basename` */
  readonly basename?: string;
  /** `general.architecture` */
  readonly architecture?: string;
  /** `general.organization` */
  readonly organization?: string;
  /** `general.base_model.*.name` and `.repo_url` */
  readonly baseModels?: readonly string[];
  readonly fileName?: string;
}
