import { createHash } from 'node:crypto'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { STUDY_ERROR_CODES } from '@facetgrade/study/study-error'
import type { Command } from 'commander'
import { z } from 'zod'
import type { CliContext } from '../cli-context.ts'
import { RefusedError, UsageError } from '../refusal.ts'
import { refusalSentence } from '../refusal-sentences.ts'
import { studyOf } from '../study-option.ts'

type Options = { study: string; evaluation: string; language: string }
const FORMATS: readonly string[] = ['.html', '.pdf', '.docx']
const Listing = z.array(z.object({ id: z.string(), title: z.string() }))
const Refusal = z.object({ code: z.enum(STUDY_ERROR_CODES) })

/** The report of an evaluation, and its figures as a journal takes them. */
export function registerReport(program: Command, context: CliContext): void {
  const report = program.command('report').description('the report and the figures of an evaluation as files')
  const command = (name: string, description: string, isDefault: boolean) =>
    report
      .command(name, { isDefault })
      .description(description)
      .requiredOption('--study <code>')
      .option('--evaluation <id>', 'one evaluation', 'latest')
      .option('--language <en|zh>', 'language of the words', 'en')
  command('write', 'the whole report: methods, results, limitations, checklists', true)
    .requiredOption('--out <file>', 'a name that ends in .html, .pdf or .docx')
    .action((options: Options & { out: string }) => write(context, options))
  command('figures', 'every figure as SVG and PDF', false)
    .requiredOption('--out <folder>', 'a new or empty folder')
    .action((options: Options & { out: string }) => figures(context, options))
}

async function write(context: CliContext, options: Options & { out: string }): Promise<void> {
  const format = extname(options.out)
  if (!FORMATS.includes(format)) throw new UsageError('--out ends in .html, .pdf or .docx')
  const file = await download(context, options, `report${format}`)
  const sha256 = await put(options.out, file)
  context.done({ file: options.out, bytes: file.byteLength, sha256 }, `${sha256}  ${options.out}`)
}

async function figures(context: CliContext, options: Options & { out: string }): Promise<void> {
  const listed = Listing.parse(JSON.parse(new TextDecoder().decode(await download(context, options, 'figures.json'))))
  await mkdir(options.out, { recursive: true })
  if ((await readdir(options.out)).length > 0) throw new UsageError(`${options.out} is not empty: name a new folder`)
  const progress = context.progress({ total: 2 * listed.length, unit: 'files' })
  const written: { file: string; title: string; sha256: string }[] = []
  for (const { id, title } of listed) {
    for (const format of ['svg', 'pdf']) {
      const file = `${id}.${format}`
      const bytes = await download(context, options, `figures/${file}`)
      written.push({ file, title, sha256: await put(join(options.out, file), bytes) })
      progress.at(written.length, file)
    }
  }
  progress.end()
  context.done(written, written.map(({ file, sha256 }) => `${sha256}  ${file}`).join('\n'))
}

/** Under another name until it is whole. */
async function put(path: string, bytes: Uint8Array): Promise<string> {
  await writeFile(`${path}.part`, bytes)
  await rename(`${path}.part`, path)
  return createHash('sha256').update(bytes).digest('hex')
}

async function download(context: CliContext, options: Options, file: string): Promise<Uint8Array> {
  if (options.language !== 'en' && options.language !== 'zh') throw new UsageError('--language is en or zh')
  const path = `/api/reports/${studyOf(options)}/${encodeURIComponent(options.evaluation)}/${file}`
  const response = await fetch(new URL(`${path}?language=${options.language}`, context.address()), {
    headers: { authorization: `Bearer ${context.token()}` },
  })
  if (response.ok) return new Uint8Array(await response.arrayBuffer())
  const refused = Refusal.safeParse(await response.json().catch(() => undefined))
  if (refused.success) throw new RefusedError(refused.data.code, refusalSentence(refused.data.code))
  throw new Error(`the server answered ${response.status}`)
}
