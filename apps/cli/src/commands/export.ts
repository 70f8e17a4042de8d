import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { StudyCode } from '@facetgrade/grading/study-code'
import { STUDY_ERROR_CODES } from '@facetgrade/study/study-error'
import type { Command } from 'commander'
import { z } from 'zod'
import type { CliContext } from '../cli-context.ts'
import { RefusedError, UsageError } from '../refusal.ts'
import { refusalSentence } from '../refusal-sentences.ts'

type Written = { file: string; bytes: number; sha256: string }

export function registerExport(program: Command, context: CliContext): void {
  program
    .command('export')
    .description('every table of a study as CSV with its codebook; of a sealed test part the counts alone')
    .requiredOption('--study <code>')
    .requiredOption('--out <folder>', 'a new or empty folder')
    .action((options: { study: string; out: string }) => exportStudy(context, options))
}

async function exportStudy(context: CliContext, { study, out }: { study: string; out: string }): Promise<void> {
  const code = StudyCode.safeParse(study)
  if (!code.success) throw new UsageError('--study is lower case letters, digits and hyphens, at most 24')
  const studyCode = code.data
  const { files, isTestOpen } = await context.api().exports.list.query({ studyCode })
  await mkdir(out, { recursive: true })
  if ((await readdir(out)).length > 0) throw new UsageError(`${out} is not empty: name a new folder`)
  const progress = context.progress({ total: files.length, unit: 'files' })
  const written: Written[] = []
  for (const { file } of files) {
    written.push(await download(context, { studyCode, file, folder: out }))
    progress.at(written.length, file)
  }
  progress.end()
  const manifest = { study: studyCode, includesTest: isTestOpen, files: written }
  await writeFile(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  context.done(
    manifest,
    [
      ...written.map(({ file, bytes, sha256 }) => `${sha256}  ${file} (${bytes} bytes)`),
      isTestOpen ? 'All parts.' : 'Training and validation; the test part is sealed.',
    ].join('\n'),
  )
}

/** Under another name until it is whole, so that a broken download never looks like a table. */
async function download(
  context: CliContext,
  { studyCode, file, folder }: { studyCode: string; file: string; folder: string },
): Promise<Written> {
  const response = await fetch(new URL(`/api/exports/${studyCode}/${file}`, context.address()), {
    headers: { authorization: `Bearer ${context.token()}` },
  })
  if (!response.ok || !response.body) throw await refusalOf(response)
  const part = join(folder, `${file}.part`)
  const hash = createHash('sha256')
  let bytes = 0
  try {
    await pipeline(
      Readable.fromWeb(response.body),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          bytes += chunk.byteLength
          yield chunk
        }
      },
      createWriteStream(part, { flags: 'wx' }),
    )
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await rename(part, join(folder, file))
  return { file, bytes, sha256: hash.digest('hex') }
}

const Refusal = z.object({ code: z.enum(STUDY_ERROR_CODES) })

async function refusalOf(response: Response): Promise<Error> {
  const parsed = Refusal.safeParse(await response.json().catch(() => undefined))
  if (parsed.success) return new RefusedError(parsed.data.code, refusalSentence(parsed.data.code))
  return new Error(`the server answered ${response.status}`)
}
