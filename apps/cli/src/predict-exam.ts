import { compareLevels, type Level } from '@facetgrade/grading/joint'
import { jointSeverities } from '@facetgrade/grading/joint-severity'
import type { ModelGrades } from '@facetgrade/grading/model-answer'
import type { JointPoint } from '@facetgrade/grading/points'
import type { PredictionOutput } from '@facetgrade/grading/prediction'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { OpenModel } from '@facetgrade/inference/open-model'
import { proposePoints } from '@facetgrade/inference/propose-points'
import { runCase } from '@facetgrade/inference/run-case'
import type { FolderExam } from './dicom-folder.ts'

/** What grades an exam, and what finds its joints where no points are given. */
export type How = {
  readonly protocol: Protocol
  readonly grader: OpenModel
  readonly localiser: OpenModel | undefined
  readonly given: ReadonlyMap<string, readonly JointPoint[]> | undefined
}

type UsedPoint = JointPoint & { readonly source: 'import' | 'model'; readonly confidence?: number }
export type SpokenOutput = { probabilities: number[]; grade: number; set: number[] } | { abstained: string }

export type PredictedExam = Awaited<ReturnType<typeof predictExam>>

/** Every joint of one exam of a folder, in the shape that `predict --json` prints. */
export async function predictExam(exam: FolderExam, how: How) {
  const { protocol } = how
  const levels: Level[] = [...protocol.levels]
  const { points, naming } = await pointsOf(exam, levels, how)
  const { grades } = exam.images
    ? await runCase(how.grader, { protocol, images: exam.images, levels, points })
    : { grades: screenshotGrades(protocol) }
  const severities = jointSeverities(
    protocol,
    exam.modality,
    grades.flatMap(({ level, side, features }) =>
      features.flatMap(({ feature, output }) =>
        feature === 'severity'
          ? []
          : [
              {
                cell: { level, side, feature },
                value:
                  output.kind === 'graded'
                    ? { kind: 'graded' as const, grade: output.grade }
                    : { kind: 'not_graded' as const },
              },
            ],
      ),
    ),
  )
  return {
    exam: exam.studyInstanceUid,
    patientId: exam.patientId,
    modality: exam.modality,
    ...(naming === undefined ? {} : { naming }),
    joints: grades
      .toSorted((a, b) => compareLevels(a.level, b.level) || (a.side < b.side ? -1 : 1))
      .map(({ level, side, features }) => ({
        level,
        side,
        points: points.filter((point) => point.level === level && point.side === side),
        features: Object.fromEntries(
          features.flatMap(({ feature, output }) =>
            feature === 'severity' ? [] : [[feature, spoken(output)] as const],
          ),
        ),
        severity: {
          direct: spoken(
            features.find(({ feature }) => feature === 'severity')?.output ?? {
              kind: 'abstained',
              reason: 'modality_unsupported',
            },
          ),
          byRule: severities.find((one) => one.level === level && one.side === side)?.severity ?? null,
        },
      })),
  }
}

const spoken = (output: PredictionOutput): SpokenOutput =>
  output.kind === 'graded'
    ? { probabilities: output.probabilities, grade: output.grade, set: output.set }
    : { abstained: output.reason }

const screenshotGrades = (protocol: Protocol): ModelGrades =>
  protocol.levels.flatMap((level) =>
    protocol.sides.map((side) => ({
      level,
      side,
      features: [...protocol.features.map(({ feature }) => feature), 'severity' as const].map((feature) => ({
        feature,
        output: { kind: 'abstained' as const, reason: 'secondary_capture' as const },
      })),
    })),
  )

type Naming = { confidence: number | null; isSure: boolean; abstained: string | null }

async function pointsOf(
  exam: FolderExam,
  levels: readonly Level[],
  { given, localiser }: How,
): Promise<{ points: UsedPoint[]; naming?: Naming }> {
  const own = given?.get(`${exam.studyInstanceUid}/${exam.modality}`)
  if (own) return { points: own.map((point) => ({ ...point, source: 'import' as const })) }
  if (!localiser || !exam.images) return { points: [] }
  const proposed = await proposePoints(localiser, { images: exam.images, levels })
  return {
    points: proposed.points.map(({ point, confidence }) => ({ ...point, source: 'model' as const, confidence })),
    naming: { confidence: proposed.naming, isSure: proposed.isNamingSure, abstained: proposed.abstained },
  }
}
