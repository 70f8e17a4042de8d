import { SeriesStack } from '@facetgrade/dicom/series-judgement'
import { Modality } from '@facetgrade/grading/modality'
import { JointPoint } from '@facetgrade/grading/points'
import type { Protocol } from '@facetgrade/grading/protocol'
import { z } from 'zod'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { XraySide } from '../xray-sides/xray-side.ts'
import { type LabelSource, latestReference } from './begin-export.ts'
import { JointLabel, labelsOfAnswers, labelsOfTruth } from './joint-labels.ts'
import type { TrainedExam, TrainedPatient } from './training-export-store.ts'

/** Patients in one answer: their stacks' geometry is some hundred kilobytes. */
const PATIENTS_A_PAGE = 4

const ExportedExam = z.strictObject({
  examId: z.uuid(),
  modality: Modality,
  points: z.array(JointPoint),
  series: z.array(z.strictObject({ stack: SeriesStack, role: z.string() })),
  instances: z.array(z.strictObject({ instanceId: z.uuid(), sop: z.string(), pixelHash: z.string() })),
  xraySides: z.record(z.string(), XraySide),
  labels: z.array(JointLabel),
})

export const ExportedPatient = z.strictObject({
  patientCode: z.string(),
  part: z.enum(['train', 'validation']),
  sex: z.string().nullable(),
  ageYears: z.int().nullable(),
  exams: z.array(ExportedExam),
})
export type ExportedPatient = z.infer<typeof ExportedPatient>
export const ExportedPage = z.strictObject({ rows: z.array(ExportedPatient), next: z.string().nullable() })

type Context = Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor }
type Asked = { labels: LabelSource; modalities: readonly Modality[]; after?: string | undefined }

/** The next patients with what is cropped and learnt from them, under the modeller's own row policies. */
export async function exportCases(ctx: Context, asked: Asked): Promise<z.infer<typeof ExportedPage>> {
  const { stores, actor } = ctx
  const { protocol } = await stores.protocol.latest(actor.studyId)
  const found = await stores.trainingExport.patients({
    studyId: actor.studyId,
    after: asked.after,
    take: PATIENTS_A_PAGE + 1,
  })
  const patients = found.slice(0, PATIENTS_A_PAGE)
  const ids = patients.map(({ patientId }) => patientId)
  const exams = indexExams(protocol, await stores.trainingExport.exams(ids))
  const labelsOf = await labeller(ctx, { protocol, ids, source: asked.labels })
  const rows = patients.map((patient) => ({
    ...person(patient),
    exams: exams
      .filter(({ patientId, modality }) => patientId === patient.patientId && asked.modalities.includes(modality))
      .map((exam) => ({ ...shown(exam), labels: labelsOf(exam) })),
  }))
  return { rows, next: found.length > PATIENTS_A_PAGE ? (patients.at(-1)?.patientCode ?? null) : null }
}

const person = ({ patientCode, part, sex, ageYears }: TrainedPatient) => ({ patientCode, part, sex, ageYears })

const Stacks = z.array(z.strictObject({ stack: SeriesStack, role: z.string() }))

const shown = ({ examId, modality, points, series, instances, sides }: TrainedExam) => ({
  examId,
  modality,
  points: [...points],
  series: Stacks.parse(series),
  instances: [...instances],
  xraySides: Object.fromEntries(sides.map(({ sop, side }) => [sop, side])),
})

/** Of several exams of one modality with points the one that the protocol's rule picks. */
function indexExams({ indexExam }: Pick<Protocol, 'indexExam'>, exams: readonly TrainedExam[]): TrainedExam[] {
  const groups = Map.groupBy(exams, ({ patientId, modality }) => `${patientId}/${modality}`)
  return [...groups.values()].flatMap((group) => {
    const dated = group.filter(({ shiftedDate }) => shiftedDate !== null)
    const chosen = indexExam === 'first_complete' ? group[0] : (dated.at(-1) ?? group.at(-1))
    return chosen ? [chosen] : []
  })
}

type Labelling = { protocol: Protocol; ids: readonly string[]; source: LabelSource }

async function labeller(
  ctx: Context,
  { protocol, ids, source }: Labelling,
): Promise<(exam: TrainedExam) => JointLabel[]> {
  const { trainingExport, phantomTruth } = ctx.stores
  if (source === 'phantom-truth') {
    const truth = await phantomTruth.ofPatients(ids)
    return ({ patientId, modality }) =>
      labelsOfTruth(
        { protocol, modality },
        truth.filter((one) => one.patientId === patientId),
      )
  }
  const firstRounds = protocol.rounds.filter(({ kind }) => kind === 'first').map(({ name }) => name)
  const answers =
    source === 'readers'
      ? await trainingExport.readerAnswers(ids, firstRounds)
      : await trainingExport.referenceAnswers(ids, await latestReference(ctx))
  return ({ patientId, modality }) =>
    labelsOfAnswers(
      { protocol, modality },
      answers.filter((one) => one.patientId === patientId && one.modality === modality),
    )
}
