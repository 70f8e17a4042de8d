import { defineConfig } from 'vitest/config'

const sources = ['packages/*/src/**', 'packages/*/test/**', 'apps/*/src/**', 'apps/*/test/**', 'scripts/**']
const named = (suffix: string) => sources.map((folder) => `${folder}/*${suffix}`)

/** Four kinds: pure tests, tests on a real Postgres, the whole product under kills, journeys in a real browser against the whole running product. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 30_000,
          include: named('.test.ts'),
          exclude: [
            '**/node_modules/**',
            ...named('.db.test.ts'),
            ...named('.product.test.ts'),
            ...named('.browser.test.ts'),
          ],
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
        // The whole product on a real Postgres, alone on the machine: what is measured in seconds must not share it.
        test: {
          name: 'product',
          include: named('.product.test.ts'),
          globalSetup: ['packages/testing/src/postgres-global-setup.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          include: named('.browser.test.ts'),
          globalSetup: ['packages/testing/src/postgres-global-setup.ts'],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
