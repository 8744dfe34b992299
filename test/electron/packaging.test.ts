import { createRequire } from 'node:module';
import path from 'node:path';
import type { Configuration } from 'electron-builder';
import { expect, test } from 'vitest';
import { PROJECT } from '../support/paths.ts';

interface BuilderConfig {
  getConfig(project: string, file: string, options: null): Promise<Configuration>;
  validateConfiguration(config: Configuration, logger: { add(): void; isEnabled: boolean }): Promise<void>;
}

/** electron-builder's own reader and schema, which its package does not export. */
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'))(
  'app-builder-lib/out/util/config/config',
) as BuilderConfig;

test('electron-builder accepts its configuration, whose fuses are all set and whose updates are off', async () => {
  const config = await builder.getConfig(PROJECT, path.join(PROJECT, 'electron-builder.yml'), null);
  await builder.validateConfiguration(config, { add: () => undefined, isEnabled: false });
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
    resetAdHocDarwinSignature: true,
  });
  expect(config.asar).toBe(true);
  expect(config.publish).toBeNull();
});
