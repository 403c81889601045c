import { defineConfig } from 'vitest/config'

// Named exports everywhere else; vitest reads a default export.
export default defineConfig({
  test: {
    include: ['{proxy,worker,shared,processes,cli,scripts,deploy,loadtest}/**/*.test.{ts,tsx}', '*.test.ts'],
    // Real sockets and real processes on a machine that may be busy: generous, and never part of an assertion.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    globalSetup: ['shared/testing/global-setup.ts'],
  },
})
