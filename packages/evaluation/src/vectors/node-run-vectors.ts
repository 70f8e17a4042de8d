import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { z } from 'zod'
import { isKnownTopic, type Outcome, replayFile } from './replay.ts'
import { SkipFile, VectorFile } from './vector-file.ts'

/** A replay of a folder: what was compared, what was not and why. */
export type FolderReplay = { readonly lines: readonly string[]; readonly passed: number; readonly failed: number }

/**
 * Replays every vector file of a folder against the kernels, following the folder's SKIP.json. Files without cases are
 * named, not failed; a case that the rules leave nothing of counts neither way.
 *
 * @throws {RangeError} when the folder cannot be read, or a file is not of the format: one sentence that names it
 */
export function replayFolder(folder: string): FolderReplay {
  const names = jsonFiles(folder)
  const rules = names.includes('SKIP.json') ? parse('SKIP.json', SkipFile, load(folder, 'SKIP.json')).entries : []
  const lines: string[] = []
  const skippedWhole: string[] = []
  let passed = 0
  let failed = 0
  for (const name of names) {
    if (name === 'SKIP.json') continue
    const content = load(folder, name)
    if (!z.object({ cases: z.array(z.unknown()) }).safeParse(content).success) {
      lines.push(`${name}: no cases`)
      continue
    }
    const file = parse(name, VectorFile, content)
    const isKnown = isKnownTopic(file.topic)
    if (!isKnown)
      lines.push(
        `${name}: nothing here answers the topic "${file.topic}"; its cases fail unless SKIP.json says otherwise`,
      )
    for (const outcome of replayFile(file, rules)) {
      lines.push(...describe(name, isKnown ? outcome : { ...outcome, failures: outcome.failures.slice(0, 1) }))
      if (outcome.failures.length > 0) failed++
      else if (outcome.compared > 0) passed++
      else skippedWhole.push(`${name} ${outcome.id}`)
    }
  }
  if (skippedWhole.length > 0) lines.push(`skipped as a whole: ${skippedWhole.join(', ')}`)
  return { lines, passed, failed }
}

function jsonFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
  } catch (error) {
    throw new RangeError(`cannot read the folder ${folder}`, { cause: error })
  }
}

function load(folder: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8'))
  } catch (error) {
    throw new RangeError(`${name} is not JSON`, { cause: error })
  }
}

function parse<T>(name: string, format: z.ZodType<T>, content: unknown): T {
  const parsed = format.safeParse(content)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new RangeError(`${name} is not of the format: ${issue?.path.join('/')} ${issue?.message}`)
}

function describe(name: string, { id, failures, skipped }: Outcome): string[] {
  const where = `${name} ${id}`
  const reasons = Map.groupBy(skipped, (one) => one.reason)
  return [
    ...[...reasons].map(
      ([reason, places]) => `skipped ${where}: ${places.map((one) => one.path).join(', ')} (${reason})`,
    ),
    ...failures.map(
      ({ path, expected, actual, fault }) =>
        `FAILED ${where}: ${path}: expected ${show(expected)}, got ${show(actual)}${fault === null ? '' : ` (${fault})`}`,
    ),
  ]
}

function show(value: unknown): string {
  if (value === undefined) return 'no answer'
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : JSON.stringify(value)
}

function main(folder: string | undefined): void {
  if (folder === undefined) {
    process.stderr.write('usage: pnpm --filter @facetgrade/evaluation vectors <folder>\n')
    process.exitCode = 2
    return
  }
  // pnpm runs scripts inside the package; a relative folder is meant from where the person stands.
  const at = resolve(process.env['INIT_CWD'] ?? '', folder)
  try {
    const { lines, passed, failed } = replayFolder(at)
    process.stdout.write(`${[...lines, `${passed} passed, ${failed} failed`].join('\n')}\n`)
    process.exitCode = failed > 0 ? 1 : 0
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  }
}

if (import.meta.main) main(process.argv[2] === '--' ? process.argv[3] : process.argv[2])
