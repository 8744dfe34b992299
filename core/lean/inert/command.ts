import { HASH_COMMAND, RUNNING_NAME, RUNNING_WORDS, settingsAreInert } from './words.ts';

/** What Lean's parser has read: a name by its components, or a symbol. Comments and literals are left out. */
export type Token = readonly string[] | string;

export interface ParsedTokens {
  readonly tokens: readonly Token[];
  /** The kinds of what stands before `in`, as in `open Nat in …`. */
  readonly beforeIn: readonly string[];
}

/** What may stand before `in`: it declares nothing. */
const BEFORE_IN =
  /^Lean\.Parser\.Command\.(?:open|set_option|variable|universe|omit|include|attribute|in|export)$/;
/** Definitions of one command that are declared one after the other, … */
const SEVERAL: ReadonlySet<string> = new Set(['mutual', 'where', 'rec']);
/** … and parts of them that are elaborated when others are declared. */
const LATE =
  /^(?:termination_by\??|decreasing_by|(?:partial|inductive|coinductive)_fixpoint|monotonicity|finally)$/;
/** What Lean calls the tactics of an `autoParam`: it runs what such a name stands for. */
const AUTO = '_auto';
const WORD = /[A-Za-z0-9_!?']+/g;
/** What names and symbols of the source's own could hold that is looked for as Lean's. */
const SIGNS = /[^\p{L}\p{N}\p{M}_!?'.]/gu;
const LEANS_OWN: ReadonlySet<string> = new Set(['(', ')', '[', ']', '@[', ',', ':=', '-']);

/**
 * Whether elaborating a command can run none of its author's code. It is asked of what Lean has parsed, so that no mistake about
 * where comments, texts and names end can hide anything.
 */
export function isInertCommand({ tokens, beforeIn }: ParsedTokens): boolean {
  if (!beforeIn.every((kind) => BEFORE_IN.test(kind))) return false;
  const words = tokens.flatMap((token) => (typeof token === 'string' ? (token.match(WORD) ?? []) : token));
  if (words.some((word) => RUNNING_WORDS.has(word) || RUNNING_NAME.test(word) || word.startsWith(AUTO)))
    return false;
  if (tokens.some((token) => typeof token === 'string' && HASH_COMMAND.test(token))) return false;
  // What one definition of a command computes could be evaluated in a late part of the next: nothing can be looked at in between.
  const symbols = tokens.filter((token) => typeof token === 'string');
  if (symbols.some((symbol) => SEVERAL.has(symbol)) && symbols.some((symbol) => LATE.test(symbol)))
    return false;
  return settingsAreInert(tokens.map(plain).join(' '));
}

function plain(token: Token): string {
  if (typeof token !== 'string') return token.map((part) => part.replace(SIGNS, '_')).join('.');
  return LEANS_OWN.has(token) ? token : token.replace(SIGNS, '_');
}
