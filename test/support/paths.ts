import path from 'node:path';

export const PROJECT = path.resolve(import.meta.dirname, '../..');
/** Kept between runs, as preparing takes some seconds. */
export const TEST_CACHE = path.join(PROJECT, 'node_modules', '.cache', 'proofswarm-test');
