/**
 * Run as a process of its own: keeps a set in the thread, lets go of nothing, and has nothing more to do. Writes how many
 * keys the set holds.
 */
import { writeSync } from 'node:fs';
import { syncThread } from '../../../core/network/sync/thread/sync-thread.ts';
import { ThreadSet } from '../../../core/network/sync/thread/thread-set.ts';

const set = new ThreadSet(syncThread, { onLost: () => undefined });
await set.add([{ time: 1, digest: new Uint8Array(32) }]);
writeSync(1, `${set.size}\n`);
