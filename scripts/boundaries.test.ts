import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'

// A mis-configured checker reports "no violations": so every kind of violation is planted and must be found.
const ROOT = join(import.meta.dirname, '..')
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const Report = z.object({
  summary: z.object({ violations: z.array(z.object({ rule: z.object({ name: z.string() }) })) }),
})

function rulesBroken(files: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'facetgrade-boundaries-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  writeFileSync(join(folder, 'tsconfig.json'), '{}')
  mkdirSync(join(folder, 'apps'), { recursive: true })
  mkdirSync(join(folder, 'packages'), { recursive: true })
  const depcruise = join(ROOT, 'node_modules', '.bin', 'depcruise')
  const args = ['--config', join(ROOT, '.dependency-cruiser.js'), '--output-type', 'json', 'apps', 'packages']
  const report = Report.parse(
    JSON.parse(execFileSync(depcruise, args, { cwd: folder, encoding: 'utf8', maxBuffer: 64e6 })),
  )
  return [...new Set(report.summary.violations.map((violation) => violation.rule.name))]
}

const value = 'export const value = 1\n'

test.each([
  [
    'grading-imports',
    {
      'packages/grading/src/a.ts': "import { value } from '../../db/src/b.ts'\nexport const a = value\n",
      'packages/db/src/b.ts': value,
    },
  ],
  [
    'db-imports',
    {
      'packages/db/src/a.ts': "import { value } from '../../study/src/b.ts'\nexport const a = value\n",
      'packages/study/src/b.ts': value,
    },
  ],
  [
    'report-imports',
    {
      'packages/report/src/a.ts': "import { value } from '../../study/src/b.ts'\nexport const a = value\n",
      'packages/study/src/b.ts': value,
    },
  ],
  [
    'portal-imports',
    {
      'apps/portal/src/a.tsx': "import { value } from '../../../packages/db/src/b.ts'\nexport const a = value\n",
      'packages/db/src/b.ts': value,
    },
  ],
  [
    'portal-sees-study-types-only',
    {
      'apps/portal/src/a.ts': "import { value } from '../../../packages/study/src/b.ts'\nexport const a = value\n",
      'packages/study/src/b.ts': value,
    },
  ],
  [
    'no-package-imports-an-app',
    {
      'packages/study/src/a.ts': "import { value } from '../../../apps/api/src/b.ts'\nexport const a = value\n",
      'apps/api/src/b.ts': value,
    },
  ],
  [
    'grading-imports-zod-alone',
    { 'packages/grading/src/a.ts': "import { readFileSync } from 'node:fs'\nexport const a = readFileSync\n" },
  ],
  [
    'no-circles',
    {
      'packages/study/src/a.ts': "import { b } from './b.ts'\nexport const a = () => b\n",
      'packages/study/src/b.ts': "import { a } from './a.ts'\nexport const b = () => a\n",
    },
  ],
  ['unresolved', { 'packages/study/src/a.ts': "import { value } from './not-there.ts'\nexport const a = value\n" }],
] as const)('finds a planted violation of %s', (rule, files) => {
  expect(rulesBroken(files)).toContain(rule)
})

test('finds nothing where nothing is planted, a type-only import of the study room by the portal included', () => {
  const files = {
    'apps/portal/src/a.ts': "import type { B } from '../../../packages/study/src/b.ts'\nexport const a = (b: B) => b\n",
    'packages/study/src/b.ts': 'export type B = number\n',
  }
  expect(rulesBroken(files)).toEqual([])
})
