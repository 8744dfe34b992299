import fc from 'fast-check';
import { expect, test } from 'vitest';
import { statementOfArguments, statementOfLink } from '../../electron/main/deep-link.ts';

const ID = `bafyrei${'a2'.repeat(26)}`;

test.each([`proofswarm://statement/${ID}`, `proofswarm://statement/${ID}/`])('%s is understood', (link) => {
  expect(statementOfLink(link)).toBe(ID);
});

test.each([
  '',
  ID,
  `proofswarm://statement/`,
  `proofswarm://statement/${ID.slice(1)}`,
  `proofswarm://statement/${ID}a`,
  `proofswarm://statement/${ID}?x=1`,
  `proofswarm://statement/${ID}#/settings`,
  `proofswarm://statement/${ID}/../../settings`,
  `proofswarm://settings/${ID}`,
  `proofswarm:statement/${ID}`,
  `https://statement/${ID}`,
  ` proofswarm://statement/${ID}`,
  `proofswarm://statement/${ID}\n`,
  `proofswarm://statement/${ID.toUpperCase()}`,
])('%j is not', (link) => {
  expect(statementOfLink(link)).toBeUndefined();
});

test('whatever the text, what comes out is an id that is in it', () => {
  const near = fc.stringMatching(/^bafyrei[a-z2-7]{51,53}[/?#a]?$/);
  const links = fc.oneof(fc.string(), near).map((tail) => `proofswarm://statement/${tail}`);
  fc.assert(
    fc.property(fc.oneof(fc.string(), links), (text) => {
      const statement = statementOfLink(text);
      const expected = /^proofswarm:\/\/statement\/(bafyrei[a-z2-7]{52})\/?$/.exec(text)?.[1];
      expect(statement).toBe(expected);
    }),
  );
});

test('the first link among the arguments counts', () => {
  expect(statementOfArguments(['electron', '--flag', `proofswarm://statement/${ID}`, 'proofswarm://x'])).toBe(
    ID,
  );
  expect(statementOfArguments(['electron', '/some/file.lean'])).toBeUndefined();
});
