import {
  grownReply,
  MAX_ADDED_TEXT,
  MAX_REPLIES,
  type AddedText,
  type ApiEvent,
  type ReplyView,
} from '../../api/index.ts';
import type { PolicyEvent } from '../policies.ts';

export interface RepliesComponents {
  readonly session: string;
  readonly emit: (event: ApiEvent) => void;
  /** Milliseconds. */
  readonly now: () => number;
  /** The loop's round of a rollout; a policy that is one of several counts only its own. */
  readonly roundOf: (rollout: number) => number;
}

/** A model writes dozens of pieces a second; nobody reads faster than this. */
const TELL_MS = 200;

interface Writing {
  /** As the faces know it. */
  view: ReplyView;
  startedAt: number | undefined;
  /** What they do not know yet. */
  tokens: number;
  text: string;
  omitted: number;
}

/** The replies that a language model is writing for one session, told to the faces a few times a second. */
export class Replies {
  readonly #components: RepliesComponents;
  readonly #writing = new Map<number, Writing>();
  #timer: NodeJS.Timeout | undefined;

  constructor(components: RepliesComponents) {
    this.#components = components;
  }

  get views(): ReplyView[] {
    return [...this.#writing.values()]
      .map(({ view }) => view)
      .toSorted((one, other) => one.rollout - other.rollout);
  }

  readonly hear = (event: PolicyEvent): void => {
    switch (event.type) {
      case 'llama:prompted':
        this.#begin(event.rollout, event.tokens);
        return;
      case 'llama:writing':
        this.#grow(event.rollout, event.piece, event.tokens);
        return;
      case 'llama:replied':
      case 'mixed:model-failed':
        this.ended(event.rollout);
        return;
      case 'llama:prompt-too-long':
      case 'mixed:chosen':
      case 'mixed:played':
      case 'mixed:state-unreadable':
      case 'mixed:state-unsaved':
    }
  };

  /** Nothing more of this rollout's reply comes. */
  ended(rollout: number): void {
    const { session, emit } = this.#components;
    if (!this.#writing.delete(rollout)) return;
    emit({ type: 'prove:reply-ended', session, rollout });
  }

  /** The session has ended, and all replies with it. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing.clear();
  }

  #begin(rollout: number, promptTokens: number): void {
    const { session, emit, roundOf } = this.#components;
    if (this.#writing.size >= MAX_REPLIES && !this.#writing.has(rollout)) return;
    const view: ReplyView = {
      rollout,
      round: roundOf(rollout),
      promptTokens,
      tokens: 0,
      milliseconds: 0,
      text: '',
      omitted: 0,
    };
    this.#writing.set(rollout, { view, startedAt: undefined, tokens: 0, text: '', omitted: 0 });
    emit({ type: 'prove:reply-started', session, reply: view });
  }

  #grow(rollout: number, piece: string, tokens: number): void {
    const writing = this.#writing.get(rollout);
    if (writing === undefined) return;
    writing.startedAt ??= this.#components.now();
    writing.tokens = tokens;
    const text = writing.text + piece;
    const cut = Math.max(0, text.length - MAX_ADDED_TEXT);
    writing.text = text.slice(cut);
    writing.omitted += cut;
    this.#timer ??= setTimeout(() => this.#tell(), TELL_MS).unref();
  }

  #tell(): void {
    const { session, emit, now } = this.#components;
    this.#timer = undefined;
    const told: AddedText[] = [];
    for (const [rollout, writing] of this.#writing) {
      const { tokens, omitted, startedAt } = writing;
      if (writing.text === '' || startedAt === undefined) continue;
      const text = writing.text.toWellFormed();
      const added = { rollout, tokens, text, omitted, milliseconds: Math.max(0, now() - startedAt) };
      writing.view = grownReply(writing.view, added);
      writing.text = '';
      writing.omitted = 0;
      told.push(added);
    }
    if (told.length > 0) emit({ type: 'prove:replies-grew', session, added: told });
  }
}
