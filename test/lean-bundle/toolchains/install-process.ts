/** `node install-process.ts OPTIONS`: installs a toolchain, for tests that kill it or run two at a time. */
import { installToolchain, type InstallOptions } from '../../../lean-bundle/toolchains/install.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as InstallOptions;
const { directory } = await installToolchain({
  ...options,
  onProgress: ({ step, fraction }) => console.log(`${step} ${fraction ?? ''}`),
});
console.log(directory);
