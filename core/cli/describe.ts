import path from 'node:path';
import type { Locations } from '../node/index.ts';
import { describeEnvironment, type Statement } from '../record/index.ts';
import { printable } from './terminal.ts';

/** Where the bank lies. */
export function bankDirectory(locations: Locations): string {
  return path.join(locations.data, 'bank');
}

/** Where records lie that this node cannot judge. */
export function claimedDirectory(locations: Locations): string {
  return path.join(locations.data, 'swarm');
}

/** A statement for people, over several lines. */
export function describeStatement(statement: Statement): string {
  const facts: [string, string | undefined][] = [
    ['statement', statement.id],
    ['name', statement.name],
    ['holds in', describeEnvironment(statement.environment)],
    ['informal', statement.informal],
    ['topic', statement.topic],
    ['difficulty', statement.difficulty],
    ['tags', statement.tags?.join(', ')],
    [
      'source',
      [statement.source?.dataset, statement.source?.licence, statement.source?.url]
        .filter(Boolean)
        .join(', '),
    ],
  ];
  const lines = facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name.padEnd(10)} ${value}`],
  );
  const source = [statement.header, `${statement.formal} := by`, '  sorry']
    .filter((part) => part !== '')
    .join('\n');
  return printable(`${lines.join('\n')}\n\n${source}`);
}
