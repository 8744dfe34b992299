/** Reads what a GGUF file says of the model in it; hostile files cost no more than they are long. */
export { UnreadableModelError, type GgufDefect } from './errors.ts';
export { readModelFacts, type ModelFacts } from './facts.ts';
