/** Run by identity-file.test.ts as a process: loads the identity ten times at once, when told to, and tells the peer ids. */
import { loadIdentity } from '../../core/node/identity-file.ts';

const directory = process.argv[2] ?? '';
process.send?.('ready');
process.once('message', () => {
  void Promise.all(Array.from({ length: 10 }, () => loadIdentity(directory))).then((identities) => {
    process.send?.(identities.map(({ peer }) => peer));
    process.disconnect();
  });
});
