import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { STUDY_ERROR_CODES } from '@facetgrade/study/study-error'
import type { Command } from 'commander'
import { z } from 'zod'
import type { CliContext } from '../cli-context.ts'
import { RefusedError, UsageError } from '../refusal.ts'
import { refusalSentence } from '../refusal-sentences.ts'
import { studyOf } from '../study-option.ts'

const LOOK_EVERY_MS = 300
type Options = { study: string; out?: string; blinded: boolean; bundle?: string; list: boolean; compare?: string[] }
type Bundle = Awaited<ReturnType<ReturnType<CliContext['api']>['exports']['bundle']['query']>>
type Place = { studyCode: string; bundleId: string }

export function registerExport(program: Command, context: CliContext): void {
  program
    .command('export')
    .description("the statisticians' bundle: tables, codebook, import scripts, ODM, SR, results, analysis.R")
    .requiredOption('--study <code>')
    .option('--out <folder>', 'a new or empty folder')
    .option('--blinded', 'training and validation only, readers masked, also when the test part is open', false)
    .option('--bundle <number>', 'fetch an earlier bundle again')
    .option('--list', 'the bundles there are', false)
    .option('--compare <numbers...>', 'two bundles: which tables, rows and versions differ')
    .action((options: Options) => runExport(context, options))
}

async function runExport(context: CliContext, options: Options): Promise<void> {
  const studyCode = studyOf(options)
  if (options.list) return list(context, studyCode)
  if (options.compare) return compare(context, studyCode, options.compare)
  const { out } = options
  if (out === undefined) throw new UsageError('--out <folder> says where the bundle goes')
  await mkdir(out, { recursive: true })
  if ((await readdir(out)).length > 0) throw new UsageError(`${out} is not empty: name a new folder`)
  const place = { studyCode, bundleId: await bundleIdOf(context, studyCode, options) }
  const bundle = await finished(context, place)
  await fetchInto(context, place, { bundle, out })
}

async function bundleIdOf(context: CliContext, studyCode: string, options: Options): Promise<string> {
  if (options.bundle !== undefined) return findBundle(context, studyCode, options.bundle)
  const { isTestOpen } = await context.api().exports.list.query({ studyCode })
  const isBlinded = options.blinded || !isTestOpen
  const { bundleId } = await context.api().exports.createBundle.mutate({ studyCode, isBlinded })
  return bundleId
}

async function findBundle(context: CliContext, studyCode: string, number: string): Promise<string> {
  const ordinal = Number(number)
  if (!Number.isInteger(ordinal) || ordinal < 1) throw new UsageError(`${number} is not the number of a bundle`)
  const { rows } = await context.api().exports.bundles.query({ studyCode, before: ordinal + 1, limit: 1 })
  const [row] = rows
  if (row?.ordinal !== ordinal) throw new RefusedError('NOT_FOUND', `The study has no bundle ${ordinal}.`)
  return row.bundleId
}

/** Waits until the worker has written it. */
async function finished(context: CliContext, place: Place): Promise<Bundle> {
  let bundle = await context.api().exports.bundle.query(place)
  while (bundle.allPatients === null && bundle.state === 'building') {
    await sleep()
    bundle = await context.api().exports.bundle.query(place)
  }
  const progress = context.progress({ total: bundle.allPatients ?? 0, unit: 'patients' })
  while (bundle.state === 'building') {
    await sleep()
    bundle = await context.api().exports.bundle.query(place)
    progress.at(bundle.donePatients, 'writing')
  }
  progress.end()
  if (bundle.state === 'ready') return bundle
  const code = z.enum(STUDY_ERROR_CODES).safeParse(bundle.failureCode)
  if (code.success) throw new RefusedError(code.data, refusalSentence(code.data))
  throw new Error('the server could not write the bundle; its log says why')
}

const sleep = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))

type Target = { bundle: Bundle; out: string }

async function fetchInto(context: CliContext, place: Place, { bundle, out }: Target): Promise<void> {
  const { manifest } = bundle
  if (!manifest) throw new Error('a finished bundle without a manifest')
  const progress = context.progress({ total: manifest.files.length + 1, unit: 'files' })
  await download(context, place, { name: 'manifest.json', out })
  for (const [index, { name, sha256 }] of manifest.files.entries()) {
    const received = await download(context, place, { name, out })
    if (received !== sha256) throw new Error(`${name} did not arrive as it was written`)
    progress.at(index + 2, name)
  }
  progress.end()
  const { ordinal, isBlinded, contentHash, bytes } = bundle
  const { study, about, tables, files } = manifest
  context.done(
    { study: study.code, kind: study.kind, bundle: ordinal, isBlinded, contentHash, bytes, tables, files },
    [
      `Bundle ${ordinal} of ${study.code}, ${isBlinded ? 'blinded: training and validation' : 'unblinded'}. ${about}.`,
      ...tables.map(({ name, rows }) => `  ${name.padEnd(20)} ${rows} rows`),
      `${files.length + 1} files, ${bytes} bytes, content ${contentHash}`,
    ].join('\n'),
  )
}

/** Under another name until it is whole, so that a broken download never looks like a file. Its SHA-256. */
async function download(
  context: CliContext,
  place: Place,
  { name, out }: { name: string; out: string },
): Promise<string> {
  const response = await get(context, `/api/exports/${place.studyCode}/bundles/${place.bundleId}/files/${name}`)
  if (!response.body) throw new Error(`the server sent nothing for ${name}`)
  const target = join(out, name)
  await mkdir(dirname(target), { recursive: true })
  const hash = createHash('sha256')
  try {
    await pipeline(
      Readable.fromWeb(response.body),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          yield chunk
        }
      },
      createWriteStream(`${target}.part`, { flags: 'wx' }),
    )
  } catch (error) {
    await rm(`${target}.part`, { force: true })
    throw error
  }
  await rename(`${target}.part`, target)
  return hash.digest('hex')
}

async function get(context: CliContext, path: string): Promise<Response> {
  const response = await fetch(new URL(path, context.address()), {
    headers: { authorization: `Bearer ${context.token()}` },
  })
  if (!response.ok) throw await refusalOf(response)
  return response
}

const Refusal = z.object({ code: z.enum(STUDY_ERROR_CODES) })

async function refusalOf(response: Response): Promise<Error> {
  const parsed = Refusal.safeParse(await response.json().catch(() => undefined))
  if (parsed.success) return new RefusedError(parsed.data.code, refusalSentence(parsed.data.code))
  return new Error(`the server answered ${response.status}`)
}

async function list(context: CliContext, studyCode: string): Promise<void> {
  const { rows } = await context.api().exports.bundles.query({ studyCode, limit: 200 })
  const lines = rows.map(({ ordinal, isBlinded, state, requestedAt, bytes, contentHash }) =>
    [
      ordinal,
      isBlinded ? 'blinded' : 'unblinded',
      state,
      requestedAt,
      `${bytes ?? '-'} bytes`,
      contentHash ?? '-',
    ].join('  '),
  )
  context.done(rows, lines.length === 0 ? 'No bundle yet.' : lines.join('\n'))
}

const Difference = z.object({
  isSame: z.boolean(),
  versions: z.array(z.object({ what: z.string(), first: z.string(), second: z.string() })),
  tables: z.array(
    z.object({
      name: z.string(),
      added: z.int(),
      removed: z.int(),
      changed: z.int(),
      examples: z.array(z.object({ key: z.string(), columns: z.array(z.string()) })),
    }),
  ),
  files: z.array(z.object({ name: z.string(), change: z.enum(['added', 'removed', 'changed']) })),
})

async function compare(context: CliContext, studyCode: string, numbers: readonly string[]): Promise<void> {
  const [first, second] = numbers
  if (first === undefined || second === undefined || numbers.length > 2)
    throw new UsageError('--compare takes the numbers of two bundles')
  const [one, two] = [await findBundle(context, studyCode, first), await findBundle(context, studyCode, second)]
  const response = await get(context, `/api/exports/${studyCode}/bundles/${one}/compare/${two}`)
  const difference = Difference.parse(await response.json())
  const lines = [
    ...difference.versions.map(({ what, first: a, second: b }) => `${what}: ${a} -> ${b}`),
    ...difference.tables.flatMap(({ name, added, removed, changed, examples }) => [
      `${name}: ${added} rows added, ${removed} removed, ${changed} changed`,
      ...examples.map(({ key, columns }) => `  ${key}${columns.length === 0 ? '' : `: ${columns.join(', ')}`}`),
    ]),
    ...difference.files.map(({ name, change }) => `${change}  ${name}`),
  ]
  context.done(difference, difference.isSame ? 'The two bundles are the same, byte by byte.' : lines.join('\n'))
}
