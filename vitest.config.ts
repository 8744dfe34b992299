import { defineConfig } from 'vitest/config';

/**
 * Run by hand, in modes of their own: pictures, which check no more than other tests do, and a memory of 100,000 proofs, which
 * takes minutes to fill.
 */
const BY_HAND: Readonly<Record<string, readonly string[]>> = {
  'test/e2e/large-memory.test.ts': ['large'],
  'test/e2e/screenshots.test.ts': ['screens'],
};

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/prepare-lean.ts', 'test/support/prepare-machine.ts'],
    exclude: [
      'test/bench/**',
      'node_modules/**',
      ...Object.keys(BY_HAND).filter((file) => BY_HAND[file]?.includes(mode) !== true),
    ],
    // Lean workers hold 0.7 GB each: files run side by side, but few at a time.
    maxWorkers: 2,
    // Files share their process and what it has loaded, which is a fifth of the time of all; each cleans up after itself.
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // A test that leaves no assertion behind cannot fail.
    expect: { requireAssertions: true },
  },
}));
