import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/restore-fixtures.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Left to itself it keeps one core free; what waits for engines and programs would keep the others idle.
    maxWorkers: Math.max(2, availableParallelism()),
  },
})
