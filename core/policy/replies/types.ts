/** A reply with its thinking text apart. */
export interface ReplyParts {
  readonly thinking: string;
  readonly answer: string;
  /** False where the reply ends inside thinking text: the answer never began. */
  readonly thinkingEnded: boolean;
}

export interface SplitOptions {
  /** The prompt's template has opened the thinking text already, so that the reply starts inside it. */
  readonly startsInThinking?: boolean;
}

/** A word that leaves something unproved, outside comments and strings. */
export interface Hole {
  readonly word: 'sorry' | 'admit';
  /** Line of the submission, from 1. */
  readonly line: number;
}

/** Where the code was found. */
export type CodeSource =
  /** A fenced block that is closed. */
  | 'fence'
  /** A fenced block that the reply's end cut off. */
  | 'cut-fence'
  /** No fence, but Lean all the same. */
  | 'unfenced'
  /** `…` in a sentence. */
  | 'inline'
  /** The answer holds no code; a closed block in the thinking text does. */
  | 'thinking';

/** How the submission was made of the code. All but `whole` are under our header and our formal statement. */
export type Splice =
  /** The proof of the theorem of the statement's name. */
  | 'theorem'
  /** The proof of a theorem or example with the statement's binders and type under another name. */
  | 'same-statement'
  /** The proof of the only theorem in the code. */
  | 'only-theorem'
  /** The code is a proof without a statement. */
  | 'body'
  /** The code as it is: no proof of ours was found in it, and the judge will say so. */
  | 'whole';

export type ReplyReading =
  | {
      readonly kind: 'submission';
      /** Complete Lean source for the judge. */
      readonly submission: string;
      readonly source: CodeSource;
      readonly splice: Splice;
      /** Not empty: Lean will refuse it, though what it says of the rest may be worth a round. */
      readonly holes: readonly Hole[];
    }
  | { readonly kind: 'defect'; readonly defect: ReplyDefect; readonly detail: string };

export type ReplyDefect =
  /** Nothing but blanks. */
  | 'empty'
  /** The reply ends before its thinking text does. */
  | 'unfinished-thinking'
  /** No Lean code in the answer. */
  | 'no-code'
  /** More than a record may hold. */
  | 'too-long';

/** Why generation should stop now. */
export type MonitorStop =
  /** A closed block proves the target, without holes. */
  | { readonly kind: 'complete' }
  /** The text ends in `repeats` copies of its last `period` characters. */
  | { readonly kind: 'repetition'; readonly period: number; readonly repeats: number }
  /** Another proof with `sorry` or `admit`, beyond the sketches allowed. */
  | { readonly kind: 'hole'; readonly word: Hole['word'] }
  | { readonly kind: 'too-long'; readonly part: 'thinking' | 'answer'; readonly characters: number };

export interface MonitorOptions extends SplitOptions {
  /** The statement's name; a block without this theorem is no reason to stop. */
  readonly target: string;
  /** Proofs with holes that are taken for sketches of the one to come. Default 1. */
  readonly sketches?: number;
  /** UTF-16 code units. Default 200,000. */
  readonly maxThinking?: number;
  /** UTF-16 code units. Default 100,000. */
  readonly maxAnswer?: number;
}
