import { availableParallelism } from 'node:os'
import { type Modality, modalityOfDicom } from '@facetgrade/grading/modality'
import type { JointPoint } from '@facetgrade/grading/points'
import { PointsFile } from '@facetgrade/grading/points-file'
import { Protocol } from '@facetgrade/grading/protocol'
import { type OpenModel, openModel, ProviderMissing } from '@facetgrade/inference/open-model'
import { shippedProtocol } from '@facetgrade/study/studies/shipped-protocol'
import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { folderExams } from '../dicom-folder.ts'
import { readJsonFile } from '../json-file.ts'
import { type PredictedExam, predictExam, type SpokenOutput } from '../predict-exam.ts'
import { RefusedError, UsageError } from '../refusal.ts'
import { type ModelOnDisk, modelOnDisk, shippedIds } from '../shipped-model.ts'
import { sourceFiles } from '../source-files.ts'

type Options = { model: string; localiser?: string; points?: string; protocol?: string; provider: string }

export function registerPredict(program: Command, context: CliContext): void {
  program
    .command('predict')
    .argument('<path>', 'a folder, zip, tar or DICOMDIR of DICOM files')
    .description("a model's grades of every joint, without a study or a server; nothing is sent or kept")
    .requiredOption('--model <id>', 'a shipped grader, or the folder of one')
    .option('--localiser <id>', 'finds the joints where there are no points; default: the shipped one')
    .option('--points <file>', 'joint points (facetgrade-points/1)')
    .option('--protocol <file>', 'levels, features and scales; default: the shipped protocol')
    .option('--provider <name>', 'auto, cuda or cpu', 'auto')
    .action((path: string, options: Options) => predict(context, path, options))
}

async function predict(context: CliContext, path: string, options: Options): Promise<void> {
  const provider = (['auto', 'cuda', 'cpu'] as const).find((one) => one === options.provider)
  if (!provider) throw new UsageError('--provider is auto, cuda or cpu')
  const protocol = options.protocol === undefined ? shippedProtocol : protocolIn(options.protocol)
  const given = options.points === undefined ? undefined : pointsIn(options.points)
  const grader = await modelOnDisk(options.model)
  if (grader.manifest.kind !== 'grader')
    throw new RefusedError('MODEL_KIND_WRONG', `${options.model} finds joints and grades none.`)
  const localiser = await localiserFor(options)
  const files = await sourceFiles(path)
  const reading = context.progress({ total: files.length, unit: 'files' })
  const { exams, leftOut } = await folderExams(files, (done) => {
    reading.at(done)
  })
  reading.end()
  if (exams.length === 0) throw new RefusedError('NO_EXAM', `${path} holds no CT, MR or X-ray image: ${words(leftOut)}`)
  const open = (model: ModelOnDisk): Promise<OpenModel> =>
    openModel({ ...model, provider, threads: availableParallelism() }).catch((error: unknown) => {
      throw error instanceof ProviderMissing ? new RefusedError('PROVIDER_MISSING', error.message) : error
    })
  const [graderModel, localiserModel] = [await open(grader), localiser && (await open(localiser))]
  const grading = context.progress({ total: exams.length, unit: 'exams' })
  const answers = []
  for (const [index, exam] of exams.entries()) {
    answers.push(await predictExam(exam, { protocol, grader: graderModel, localiser: localiserModel, given }))
    grading.at(index + 1)
  }
  grading.end()
  const answer = {
    model: { id: grader.manifest.id, hash: grader.hash, syntheticOnly: grader.manifest.syntheticOnly },
    ...(localiser
      ? {
          localiser: {
            id: localiser.manifest.id,
            hash: localiser.hash,
            syntheticOnly: localiser.manifest.syntheticOnly,
          },
        }
      : {}),
    executionProvider: graderModel.executionProvider,
    versions: graderModel.versions,
    exams: answers,
    leftOut,
  }
  await graderModel.release()
  await localiserModel?.release()
  context.done(answer, textOf(answer))
}

function protocolIn(path: string): Protocol {
  const parsed = Protocol.safeParse(readJsonFile(path))
  if (!parsed.success) throw new RefusedError('PROTOCOL_INVALID', `${path} is not a protocol; protocol check says why.`)
  return parsed.data
}

/** Points by exam and modality. */
function pointsIn(path: string): ReadonlyMap<string, readonly JointPoint[]> {
  const parsed = PointsFile.safeParse(readJsonFile(path))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new RefusedError('POINTS_INVALID', `${path}, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  }
  return new Map(
    parsed.data.exams.map(({ study_uid: uid, modality, points }) => [
      `${uid}/${modalityOfDicom(modality.toUpperCase()) ?? modality.toLowerCase()}`,
      points,
    ]),
  )
}

/** The one named, else the one shipped; none is needed where points are given, and none found means no points. */
async function localiserFor({ localiser, points }: Options): Promise<ModelOnDisk | undefined> {
  if (localiser === undefined && points !== undefined) return undefined
  const names = localiser === undefined ? shippedIds() : [localiser]
  for (const name of names) {
    const model = await modelOnDisk(name)
    if (model.manifest.kind === 'localiser') return model
  }
  if (localiser !== undefined) throw new RefusedError('MODEL_KIND_WRONG', `${localiser} grades joints and finds none.`)
  return undefined
}

type Answer = {
  model: { id: string; syntheticOnly: boolean }
  executionProvider: string
  exams: readonly PredictedExam[]
  leftOut: Readonly<Record<string, number>>
}

const SHORT: Readonly<Record<Modality, string>> = { ct: 'CT', mr: 'MR', xray: 'X-ray' }

function textOf({ model, executionProvider, exams, leftOut }: Answer): string {
  const lines = exams.flatMap(({ exam, modality, naming, joints }) => [
    `${SHORT[modality]} ${exam}`,
    ...(naming && !naming.isSure ? ['  The levels are not named with certainty: let a person name them.'] : []),
    ...joints.map(({ level, side, features, severity }) => {
      const cells = Object.entries(features).map(([feature, output]) => `${feature} ${said(output)}`)
      return `  ${level} ${side.padEnd(5)}  ${cells.join(', ')}, severity ${said(severity.direct)}`
    }),
  ])
  return [
    ...lines,
    ...(Object.keys(leftOut).length > 0 ? [`Left out: ${words(leftOut)}`] : []),
    `${model.id} on ${executionProvider}.${model.syntheticOnly ? ' Trained on synthetic phantoms; says nothing about patients.' : ''}`,
  ].join('\n')
}

const said = (output: SpokenOutput): string =>
  'abstained' in output
    ? `– (${output.abstained})`
    : output.set.length > 1
      ? `${output.grade} (${output.set[0]}–${output.set.at(-1)})`
      : String(output.grade)

const words = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([code, files]) => `${files} × ${code}`)
    .join(', ') || 'nothing at all'
