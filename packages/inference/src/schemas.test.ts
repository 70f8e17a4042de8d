import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ModelManifest } from './model-manifest.ts'
import { TrainingExportManifest } from './training-export-manifest.ts'

/** Formats that other systems read, as JSON Schema. UPDATE_SCHEMAS=1 writes them anew. */
const FORMATS = { 'model-manifest': ModelManifest, 'training-export-manifest': TrainingExportManifest } as const
const FOLDER = new URL('../../../docs/schemas/', import.meta.url)

test.each(Object.entries(FORMATS))('docs/schemas/%s.json is the format as it is', (name, format) => {
  const { $schema, ...schema } = z.toJSONSchema(format, { io: 'input' })
  const document = { $schema, $id: `urn:facetgrade:inference:${name}`, ...schema }
  const file = new URL(`${name}.json`, FOLDER)
  if (process.env['UPDATE_SCHEMAS'] === '1') writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)))
})
