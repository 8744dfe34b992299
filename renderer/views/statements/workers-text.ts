import { MAX_WORKERS } from '../../../core/api/index.ts';
import { plural } from '../../components/format.ts';

/** Others are not counted beyond some number. */
export const workersText = (workers: number): string =>
  workers >= MAX_WORKERS ? `${MAX_WORKERS} or more peers at it` : `${plural(workers, 'peer')} at it`;
