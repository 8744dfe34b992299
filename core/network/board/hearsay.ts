import { makeStatement, type Statement } from '../../record/index.ts';

/** UTF-16 code units: it goes into prompts and onto screens. */
const MAX_INFORMAL = 1000;

/**
 * A statement as anybody but who put it up may describe it: what its id covers, and a few words. Licence, link, difficulty
 * and tags of its choice would speak, and weigh, in the name of the curator.
 */
export function hearsay(statement: Statement): Statement {
  const { environment, header, formal, name, informal, topic } = statement;
  return makeStatement({
    environment,
    header,
    formal,
    name,
    ...(informal === undefined ? {} : { informal: shortened(informal) }),
    ...(topic === undefined ? {} : { topic }),
  });
}

/** Never half a character at its end. */
const shortened = (text: string): string => text.slice(0, MAX_INFORMAL).replace(/[\uD800-\uDBFF]$/, '');
