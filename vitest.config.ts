import { defineConfig } from 'vitest/config';

/** Run by hand, in a mode of their own: they check no more than other tests do. */
const BY_HAND: Readonly<Record<string, string>> = { screens: 'test/e2e/screenshots.test.ts' };

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/prepare-lean.ts'],
    exclude: [
      'test/bench/**',
      'node_modules/**',
      ...Object.entries(BY_HAND).flatMap(([when, file]) => (mode === when ? [] : [file])),
    ],
    // Lean workers hold 0.7 GB each: files run side by side, but few at a time.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // A test that leaves no assertion behind cannot fail.
    expect: { requireAssertions: true },
  },
}));
