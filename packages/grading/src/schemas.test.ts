import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

/**
 * Every format that this package exports, as JSON Schema. The committed files are what other systems read, so a change
 * of a format shows here first. UPDATE_SCHEMAS=1 writes them anew.
 */
const FOLDER = new URL('../../../docs/schemas/', import.meta.url)
const ID = 'urn:facetgrade:grading:'
const isUpdate = process.env['UPDATE_SCHEMAS'] === '1'

const formats = await exportedFormats()

describe('docs/schemas', () => {
  if (isUpdate) writeAll()

  test('finds the formats', () => {
    expect([...formats.keys()]).toEqual(expect.arrayContaining(['protocol', 'split-seal', 'grade-event', 'cell-value']))
  })

  test.each([...formats.keys()])('%s.json is the format as it is', (name) => {
    expect(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'))).toEqual(formats.get(name))
  })

  test('has no file of a format that is gone', () => {
    expect(committed().filter((name) => !formats.has(name))).toEqual([])
  })
})

/** Exported zod objects and unions by file name; scalars stand inside them. */
async function exportedFormats(): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>()
  const sources = readdirSync(new URL('.', import.meta.url)).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  )
  for (const file of sources) {
    const exports: Record<string, unknown> = await import(/* @vite-ignore */ new URL(file, import.meta.url).href)
    for (const [title, value] of Object.entries(exports)) {
      if (!(value instanceof z.ZodObject || value instanceof z.ZodDiscriminatedUnion)) continue
      const name = title.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()
      const { $schema, ...schema } = z.toJSONSchema(value, { io: 'input' })
      found.set(name, JSON.parse(JSON.stringify({ $schema, $id: ID + title, title, ...schema })))
    }
  }
  return found
}

function committed(): string[] {
  return readdirSync(FOLDER).flatMap((file) => {
    if (!file.endsWith('.json')) return []
    const { $id }: { $id?: unknown } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))
    return typeof $id === 'string' && $id.startsWith(ID) ? [file.slice(0, -'.json'.length)] : []
  })
}

function writeAll(): void {
  mkdirSync(FOLDER, { recursive: true })
  for (const name of committed()) rmSync(new URL(`${name}.json`, FOLDER))
  for (const [name, schema] of formats) {
    writeFileSync(new URL(`${name}.json`, FOLDER), `${JSON.stringify(schema, null, 2)}\n`)
  }
}
