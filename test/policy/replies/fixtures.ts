import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { makeStatement, type Statement } from '../../../core/record/index.ts';
import { CORE } from '../../support/lean.ts';
import { PROJECT } from '../../support/paths.ts';

const DIRECTORY = path.join(PROJECT, 'test/fixtures/replies');
const SECTIONS = ['name', 'header', 'formal', 'options', 'reply', 'expected', 'lean'] as const;

/** A reply as models write them, with what must be made of it. */
export interface ReplyFixture {
  readonly file: string;
  readonly statement: Statement;
  readonly startsInThinking: boolean;
  readonly reply: string;
  /** `defect no-code`, or `submission fence theorem`, the holes after it. */
  readonly reading: string;
  /** Empty for a defect. */
  readonly submission: string;
  /** The kind of the judge's verdict; empty for a defect. */
  readonly lean: string;
}

/** The fixtures in `test/fixtures/replies`: each a file of sections that start with `=== name`. */
export function replyFixtures(): ReplyFixture[] {
  return readdirSync(DIRECTORY)
    .sort()
    .map((file) => {
      const text = readFileSync(path.join(DIRECTORY, file), 'utf8');
      const section = sectionsOf(text);
      const options = section('options').split(' ');
      const [reading = '', ...submission] = section('expected').split('\n');
      return {
        file,
        statement: makeStatement({
          environment: CORE,
          header: section('header'),
          formal: section('formal'),
          name: section('name'),
        }),
        startsInThinking: options.includes('starts-in-thinking'),
        // Git gives files of this project LF.
        reply: options.includes('crlf') ? section('reply').replaceAll('\n', '\r\n') : section('reply'),
        reading,
        submission: submission.join('\n'),
        lean: section('lean'),
      };
    });
}

function sectionsOf(text: string): (name: (typeof SECTIONS)[number]) => string {
  const pattern = new RegExp(SECTIONS.map((name) => `=== ${name}\n([^]*?)\n`).join(''));
  const found = pattern.exec(text);
  if (found === null) throw new Error(`not a fixture of ${SECTIONS.join(', ')}: ${text.slice(0, 80)}`);
  return (name) => found[SECTIONS.indexOf(name) + 1] ?? '';
}
