/** Run by board.test.ts as a process: `board-writer.ts DIRECTORY PREFIX COUNT LENGTH`. Adds so many long statements at once. */
import { StatementBoard } from '../../core/statement/index.ts';
import { longStatement } from './long-statement.ts';

const [directory = '', prefix = '', count = '0', length = '0'] = process.argv.slice(2);
const board = await StatementBoard.open(directory);
const statements = Array.from({ length: Number(count) }, (_, n) =>
  longStatement(`${prefix}${n}`, Number(length)),
);
// All writers begin together.
process.send?.('ready');
process.once('message', () => {
  void board.add(statements).then((added) => {
    process.send?.(added);
    process.disconnect();
  });
});
