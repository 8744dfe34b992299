import { createRequire } from 'node:module';
import { resolveChatWrapper, type ChatHistoryItem, type LlamaModel, type Token } from 'node-llama-cpp';
import type { ChatTurn } from '../types.ts';
import { describeError, RequestFailure } from './failures.ts';

export interface TokenizedPrompt {
  readonly tokens: readonly Token[];
  readonly startsInThinking: boolean;
}

/** What a template opens the thinking text with, where it does so itself. */
const OPEN_THINKING = /<(?:think|thinking|thought|reasoning)>\s*$/i;

interface JinjaTemplate {
  render(items: Record<string, unknown>): string;
}

// node-llama-cpp's own copy: its wrapper of a template leaves out what the template puts before the reply, such as an
// opened `<think>`, which models were trained to see.
const { Template } = createRequire(import.meta.resolve('node-llama-cpp'))('@huggingface/jinja') as {
  Template: new (source: string) => JinjaTemplate;
};

/**
 * A chat as a model was trained to see it. Contents are tokenized as plain text, so that a statement or a stranger's proof
 * cannot pose as a special token.
 */
export class ChatTemplate {
  readonly #model: LlamaModel;
  readonly #template: JinjaTemplate | undefined;

  /** @throws RequestFailure where the model's own template is no Jinja */
  constructor(model: LlamaModel) {
    this.#model = model;
    const source: unknown = model.fileInfo.metadata.tokenizer.chat_template;
    if (typeof source !== 'string' || source.trim() === '') return;
    try {
      this.#template = new Template(source);
    } catch (error) {
      throw new RequestFailure('unreadable', `the model's chat template is broken: ${describeError(error)}`);
    }
  }

  get kind(): 'own' | 'guessed' {
    return this.#template === undefined ? 'guessed' : 'own';
  }

  /** @throws RequestFailure where the template refuses the chat */
  tokenize(prompt: readonly ChatTurn[] | string): TokenizedPrompt {
    if (typeof prompt === 'string') {
      return { tokens: this.#withStart(this.#model.tokenize(prompt, false)), startsInThinking: false };
    }
    return this.#template === undefined ? this.#guessed(prompt) : this.#own(this.#template, prompt);
  }

  #own(template: JinjaTemplate, turns: readonly ChatTurn[]): TokenizedPrompt {
    const pieces = this.#render(template, turns) ?? this.#render(template, withoutSystem(turns));
    if (pieces === undefined)
      throw new RequestFailure('invalid-request', "the model's chat template does not take this chat");
    const tokens = pieces.flatMap((piece) => this.#model.tokenize(piece.text, piece.special));
    const last = pieces.at(-1);
    return {
      tokens: this.#withStart(tokens),
      startsInThinking: last?.special === true && OPEN_THINKING.test(last.text),
    };
  }

  /** Undefined where the template throws or does not show every turn once, in order. */
  #render(
    template: JinjaTemplate,
    turns: readonly ChatTurn[],
  ): { text: string; special: boolean }[] | undefined {
    // Stand-ins of letters, so that what the template does to white space does not reach the contents.
    const standIn = (index: number): string => `proofswarmTurn${String.fromCodePoint(0x4e00 + index)}`;
    let rendered: string;
    try {
      rendered = template.render({
        messages: turns.map(({ role }, index) => ({ role, content: standIn(index) })),
        add_generation_prompt: true,
        bos_token: this.#model.tokens.bosString ?? '',
        eos_token: this.#model.tokens.eosString ?? '',
      });
    } catch {
      return undefined;
    }
    const pieces: { text: string; special: boolean }[] = [];
    for (const [index, { content }] of turns.entries()) {
      const [before, after, ...more] = rendered.split(standIn(index));
      if (before === undefined || after === undefined || more.length > 0) return undefined;
      pieces.push({ text: before, special: true }, { text: content, special: false });
      rendered = after;
    }
    pieces.push({ text: rendered, special: true });
    return pieces.filter(({ text }) => text !== '');
  }

  #guessed(turns: readonly ChatTurn[]): TokenizedPrompt {
    const chatHistory: ChatHistoryItem[] = turns.map(({ role, content }) =>
      role === 'assistant' ? { type: 'model', response: [content] } : { type: role, text: content },
    );
    chatHistory.push({ type: 'model', response: [] });
    const wrapper = resolveChatWrapper(this.#model, { warningLogs: false });
    const { contextText } = wrapper.generateContextState({ chatHistory });
    return { tokens: this.#withStart(contextText.tokenize(this.#model.tokenizer)), startsInThinking: false };
  }

  #withStart(tokens: readonly Token[]): readonly Token[] {
    const { bos, shouldPrependBosToken } = this.#model.tokens;
    return bos !== null && shouldPrependBosToken && tokens[0] !== bos ? [bos, ...tokens] : tokens;
  }
}

/** For templates without a system role: what it says goes before the first user turn. */
function withoutSystem(turns: readonly ChatTurn[]): readonly ChatTurn[] {
  const system = turns.filter(({ role }) => role === 'system').map(({ content }) => content);
  if (system.length === 0) return turns;
  const others = turns.filter(({ role }) => role !== 'system');
  const [first, ...rest] = others;
  if (first?.role !== 'user') return [{ role: 'user', content: system.join('\n\n') }, ...others];
  return [{ role: 'user', content: [...system, first.content].join('\n\n') }, ...rest];
}
