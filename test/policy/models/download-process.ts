/** Fetches a file, tells when 100,000 bytes are there, and goes on until it is killed. */
import { download } from '../../../core/policy/models/download/index.ts';

const [, , url = '', directory = '', file = ''] = process.argv;
await download(
  { url, directory, file },
  {
    freeBytes: () => Promise.resolve(1e12),
    onEvent: (event) => {
      if ('have' in event && event.have === 100_000) process.send?.('there');
    },
  },
);
