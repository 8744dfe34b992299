import vm from 'node:vm';
import * as electron from './electron.ts';

/** Runs what tests send, with the substitute at hand, as Playwright's `ElectronApplication.evaluate` does. */
process.on('message', (raw) => {
  const { id, source, argument } = raw as { id: number; source: string; argument: unknown };
  const run = async (): Promise<unknown> => {
    // The text of a test's own function.
    const evaluate = vm.runInThisContext(`(${source})`) as (given: unknown, argument: unknown) => unknown;
    return await evaluate(electron, argument);
  };
  run().then(
    (value) => process.send?.({ id, value }),
    (error: unknown) => process.send?.({ id, error: String((error as Error).stack) }),
  );
});
process.on('disconnect', () => process.exit(1));
