/**
 * Run by tables-refused.test.ts, as it takes all file handles or gives its rights away: `tables-refused.ts DIRECTORY handles|rights`.
 * Opens tables that the system keeps from being opened, and then once more when it no longer does. Writes what came of it.
 */
import { chmodSync, chownSync, closeSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Tables } from '../../core/memory/tables.ts';

const [directory = '', how = ''] = process.argv.slice(2);
const ROOT = 0;
const NOBODY = 65_534;

/** What keeps the tables from being opened; returns its undo. */
function hinder(): () => void {
  if (how === 'handles') {
    const taken: number[] = [];
    try {
      for (;;) taken.push(openSync('/dev/null', 'r'));
    } catch {
      return () => taken.forEach((handle) => closeSync(handle));
    }
  }
  const versions = join(directory, 'trajectories.lance', '_versions');
  const manifests = readdirSync(versions).map((name) => join(versions, name));
  for (const name of manifests) chmodSync(name, 0);
  // Nothing is refused to root.
  const isRoot = process.getuid?.() === ROOT;
  if (isRoot) {
    chownSync(directory, NOBODY, NOBODY);
    process.seteuid?.(NOBODY);
  }
  return () => {
    if (isRoot) process.seteuid?.(ROOT);
    for (const name of manifests) chmodSync(name, 0o600);
  };
}

const events: unknown[] = [];
const open = (): Promise<Tables> =>
  Tables.open({ emit: (event) => events.push(event) }, { directory, dimensions: 8 });

// What LanceDB needs files for once and keeps.
(await open()).close();
const undo = hinder();
const refused = await open().then(
  () => 'opened',
  (error: unknown) => error,
);
undo();
const tables = await open();
const rows = await tables.trajectories.countRows();
tables.close();
const error = refused instanceof Error ? { name: refused.name, message: refused.message } : refused;
process.stdout.write(JSON.stringify({ error, events, rows, files: readdirSync(directory).sort() }));
