import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/prepare-lean.ts'],
    exclude: ['test/bench/**', 'node_modules/**'],
    // Lean workers hold 0.7 GB each: files run side by side, but few at a time.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // A test that leaves no assertion behind cannot fail.
    expect: { requireAssertions: true },
  },
});
