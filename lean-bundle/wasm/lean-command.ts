/**
 * `node lean-command.ts PREPARED DIRECTORY ARGS…`: the embedded Lean as a command line, e.g. `--json /source/a.lean` for a
 * file of DIRECTORY. One process a run, as a native `lean` would be.
 */
import path from 'node:path';
import { runLeanCommand } from './runtime.ts';

const [prepared, directory, ...args] = process.argv.slice(2);
if (prepared === undefined || directory === undefined) {
  console.error('usage: node lean-command.ts PREPARED DIRECTORY ARGS…');
  process.exit(2);
}
// createRequire wants an absolute path.
const code = await runLeanCommand({ directory: path.resolve(prepared) }, args, directory, (line) =>
  console.log(line),
);
process.exit(code);
