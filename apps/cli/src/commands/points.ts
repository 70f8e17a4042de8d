import { openStudyKey } from '@facetgrade/dicom/study-key'
import { JointPoint } from '@facetgrade/grading/points'
import type { Command } from 'commander'
import { z } from 'zod'
import type { CliContext } from '../cli-context.ts'
import { readJsonFile } from '../json-file.ts'
import { keyFor } from '../key-file.ts'
import { pointsText, previewPoints, readPoints, takePoints } from '../keyed-tables.ts'
import { RefusedError } from '../refusal.ts'
import { refuseOtherKey } from '../study-key-check.ts'
import { studyOf } from '../study-option.ts'

type Options = { study: string }
type OneExam = Options & { exam: string }

const PAGE = 200

export function registerPoints(program: Command, context: CliContext): void {
  const points = program.command('points').description('joint points of exams: import, publish, show')
  const command = (name: string, description: string) =>
    points.command(name).description(description).requiredOption('--study <code>')
  command('import', 'publish the points of a points file; identifiers are keyed here (coordinator)')
    .argument('<file>', 'points.json')
    .option('--key-file <file>', "the study's key; default: this machine's own, made once")
    .action((file: string, options: Options & { keyFile?: string }) => importFile(context, file, options))
  command('publish', 'publish the next version of one exam from a JSON array of points (coordinator)')
    .argument('<file>', 'JSON array of points under pseudonymous identifiers')
    .requiredOption('--exam <id>', 'the exam, as `points show` names it')
    .option('--after <version>', 'the version that you looked at, 0 for none; default: the one in force')
    .action((file: string, options: OneExam & { after?: string }) => publish(context, file, options))
  command('show', 'every exam with its published version, or all versions of one exam')
    .option('--exam <id>')
    .action((options: Options & { exam?: string }) =>
      options.exam === undefined ? list(context, studyOf(options)) : show(context, { ...options, exam: options.exam }),
    )
}

async function importFile(context: CliContext, file: string, options: Options & { keyFile?: string }): Promise<void> {
  const api = context.api()
  const studyCode = studyOf(options)
  const settings = await api.imports.settings.query({ studyCode })
  const keyFile = keyFor({ keyFile: options.keyFile, env: context.env, mayCreate: false })
  const key = openStudyKey(keyFile, settings.studyCode)
  refuseOtherKey(key, settings)
  const keyed = readPoints(file, { key, defaultIssuer: settings.defaultIssuer })
  await previewPoints({ api, studyCode }, keyed)
  const taken = await takePoints({ api, studyCode }, keyed)
  context.done(taken, pointsText(taken))
}

async function publish(context: CliContext, file: string, options: OneExam & { after?: string }): Promise<void> {
  const api = context.api()
  const at = { studyCode: studyOf(options), examId: options.exam }
  const parsed = z.array(JointPoint).min(1).safeParse(readJsonFile(file))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new RefusedError(
      'POINTS_FILE_INVALID',
      `${file} is not a JSON array of points. First problem at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}. Nothing was published.`,
    )
  }
  const inForce = async () => (await api.points.show.query(at)).versions[0]?.version ?? 0
  const seenVersion =
    options.after === undefined ? await inForce() : z.coerce.number().int().min(0).parse(options.after)
  const { version } = await api.points.publish.mutate({ ...at, points: parsed.data, seenVersion })
  context.done({ version }, `Version ${version} with ${parsed.data.length} points is published.`)
}

async function list(context: CliContext, studyCode: string): Promise<void> {
  const page = (after: string | null) =>
    context.api().points.list.query({ studyCode, limit: PAGE, ...(after === null ? {} : { after }) })
  const rows: Awaited<ReturnType<typeof page>>['rows'][number][] = []
  let after: string | null = null
  do {
    const found: Awaited<ReturnType<typeof page>> = await page(after)
    rows.push(...found.rows)
    after = found.next
  } while (after !== null)
  const lines = rows.map(
    ({ examId, patientCode, modality, version, source, joints }) =>
      `${examId} ${patientCode} ${modality}: ${version === null ? 'no points' : `version ${version}, ${joints} joints, from ${source}`}`,
  )
  context.done({ rows }, lines.length === 0 ? 'No exams.' : lines.join('\n'))
}

async function show(context: CliContext, options: OneExam): Promise<void> {
  const found = await context.api().points.show.query({ studyCode: studyOf(options), examId: options.exam })
  const lines = found.versions.flatMap(({ version, source, points, publishedByName, publishedAt }) => [
    `version ${version}, ${points.length} points, from ${source}, published by ${publishedByName} at ${publishedAt}`,
    ...points.map((point) =>
      point.kind === 'lps'
        ? `  ${point.level} ${point.side}: ${point.mm.map((value) => value.toFixed(1)).join(', ')} mm`
        : `  ${point.level} ${point.side}: column ${point.uv[0].toFixed(1)}, row ${point.uv[1].toFixed(1)} of ${point.sop}`,
    ),
  ])
  context.done(found, lines.length === 0 ? 'No points are published for this exam.' : lines.join('\n'))
}
