import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { chooseLean, installMathlib, installNativeLean, ToolchainError } from '../../core/node/index.ts';
import type { Pins } from '../../lean-bundle/toolchains/pins.ts';
import {
  releaseServer,
  serve,
  sha256,
  temporaryDirectory,
  toolchainArchive,
} from '../support/release-server.ts';

const VERSION = '9.9.9';

async function setUp(): Promise<{ pins: Pins; locations: { cache: string } }> {
  vi.stubEnv('HOME', '/nowhere');
  vi.stubEnv('PROOFSWARM_LEAN', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const archive = await toolchainArchive(VERSION);
  const server = await releaseServer(serve(archive));
  const asset = {
    url: `${server.url}/lean-${VERSION}-here.tar.zst`,
    size: archive.length,
    sha256: sha256(archive),
  };
  const mathlib = { lean: VERSION, tag: 'v9', revision: 'c'.repeat(40), url: 'https://example.org/mathlib4' };
  return {
    pins: {
      toolchains: [{ version: VERSION, assets: { [`${process.platform}-${process.arch}`]: asset } }],
      mathlib: [mathlib],
    },
    locations: { cache: await temporaryDirectory() },
  };
}

describe.skipIf(process.platform === 'win32')('installing a native Lean', () => {
  // The disk must have room for a whole toolchain, though this one is small.
  test('puts it where it is found and preferred from then on', async () => {
    const { pins, locations } = await setUp();
    const steps = new Set<string>();
    const installed = await installNativeLean({
      locations,
      pins,
      onProgress: ({ step }) => void steps.add(step),
    });
    expect(installed).toMatchObject({ version: VERSION, verified: true });
    expect(path.dirname(installed.directory)).toBe(path.join(locations.cache, 'toolchains'));
    expect([...steps]).toEqual(['downloading', 'unpacking', 'installed']);
    expect((await chooseLean({ locations, choice: 'native' })).environment.lean).toBe(VERSION);
  });

  test('prepares Mathlib with the lake of the toolchain that it is pinned for', async () => {
    const { pins, locations } = await setUp();
    await expect(installMathlib({ locations, pins })).rejects.toThrow(/needs Lean 9\.9\.9; install it/);
    await installNativeLean({ locations, pins });
    // This lake does nothing and says that all is well.
    const failed = installMathlib({ locations, pins });
    await expect(failed).rejects.toThrow(ToolchainError);
    await expect(failed).rejects.toThrow(/no readable lake-manifest|GB are needed/);
  });
});
