import { defineConfig } from 'vitest/config'

const sources = ['packages/*/src/**', 'packages/*/test/**', 'apps/*/src/**', 'apps/*/test/**', 'scripts/**']
const named = (suffix: string) => sources.map((folder) => `${folder}/*${suffix}`)

/** Three kinds: pure tests, tests on a real Postgres, journeys in a real browser against the whole running product. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 30_000,
          include: named('.test.ts'),
          exclude: ['**/node_modules/**', ...named('.db.test.ts'), ...named('.browser.test.ts')],
        },
      },
      {
        test: {
          name: 'db',
          include: named('.db.test.ts'),
          globalSetup: ['packages/testing/src/postgres-global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: named('.browser.test.ts'),
          testTimeout: 600_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
