import { canonicalJson } from '@facetgrade/grading/canonical-json'
import { Modality } from '@facetgrade/grading/modality'
import { PatientCode } from '@facetgrade/grading/patient-code'
import { JointPoint } from '@facetgrade/grading/points'
import { z } from 'zod'
import type { ExamRow } from '../exams/exam-store.ts'
import type { StudyActor } from '../procedure.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import { checkPoints } from './check-points.ts'
import type { NewPointSet } from './points-store.ts'

/** Points of one exam after its identifiers were keyed anew; `exam` is its place in the person's file, from 1. */
export const KeyedExamPoints = z.strictObject({
  exam: z.int().positive(),
  patientCode: PatientCode,
  modality: Modality,
  studyInstanceUid: z.string().min(1).max(64),
  points: z.array(JointPoint).min(1).max(200),
})
export type KeyedExamPoints = z.infer<typeof KeyedExamPoints>

export type PointsImport = { exams: number; published: number; unchanged: number; points: number }
type Context = { stores: Stores; actor: StudyActor }

/** What an import of these points would do. Publishes nothing. @throws what `importPoints` throws */
export async function previewPoints(ctx: Context, exams: readonly KeyedExamPoints[]): Promise<PointsImport> {
  return (await planOf(ctx, exams)).answer
}

/**
 * Publishes the points of many exams, all or none. An exam whose published points say the same keeps its version, so
 * importing a file twice changes nothing.
 *
 * @throws {StudyError} POINTS_EXAM_UNKNOWN, POINTS_EXAM_TWICE, POINTS_MOVED and what `checkPoints` refuses; details name
 * the exam of the file
 */
export async function importPoints(ctx: Context, exams: readonly KeyedExamPoints[]): Promise<PointsImport> {
  const { stores, actor } = ctx
  const { answer, sets } = await planOf(ctx, exams)
  if (sets.length === 0) return answer
  if ((await stores.points.append(actor.studyId, sets)) !== sets.length) throw new StudyError('POINTS_MOVED')
  await stores.audit.write({
    action: 'points.imported',
    object: 'Study',
    objectId: actor.studyId,
    new: { exams: sets.length, points: sets.reduce((sum, { points }) => sum + points.length, 0) },
  })
  return answer
}

async function planOf(
  { stores, actor }: Context,
  exams: readonly KeyedExamPoints[],
): Promise<{ answer: PointsImport; sets: NewPointSet[] }> {
  const { protocol } = await stores.protocol.latest(actor.studyId)
  const rows = await examRows({ stores, actor }, exams)
  const examIds = rows.map(({ examId }) => examId)
  const grounds = new Map((await stores.points.ground(examIds)).map((ground) => [ground.examId, ground]))
  const published = new Map((await stores.points.latest(examIds)).map((set) => [set.examId, set]))
  const sets: NewPointSet[] = []
  for (const [index, { exam, points }] of exams.entries()) {
    const examId = examIds[index] ?? ''
    const ground = grounds.get(examId)
    if (!ground) throw new StudyError('POINTS_EXAM_UNKNOWN', { exam })
    naming(exam, () => checkPoints(protocol, ground, points))
    const before = published.get(examId)
    if (before && canonicalJson([...before.points]) === canonicalJson([...points])) continue
    const version = (before?.version ?? 0) + 1
    sets.push({ examId, version, source: 'import', points, publishedBy: actor.userId })
  }
  const points = exams.reduce((sum, exam) => sum + exam.points.length, 0)
  const answer = { exams: exams.length, published: sets.length, unchanged: exams.length - sets.length, points }
  return { answer, sets }
}

/** The study's exam of each entry, in order; the patient must be the one that the file names. */
async function examRows({ stores, actor }: Context, exams: readonly KeyedExamPoints[]): Promise<ExamRow[]> {
  const codes = [...new Set(exams.map(({ patientCode }) => patientCode))]
  const patients = new Map(
    (await stores.patients.byCodes(actor.studyId, codes)).map(({ patientCode, patientId }) => [patientId, patientCode]),
  )
  const uids = [...new Set(exams.map(({ studyInstanceUid }) => studyInstanceUid))]
  const found = await stores.exams.byStudyUids(actor.studyId, uids)
  const seen = new Set<string>()
  return exams.map(({ exam, patientCode, modality, studyInstanceUid }) => {
    const row = found.find((one) => one.studyInstanceUid === studyInstanceUid && one.modality === modality)
    if (!row || patients.get(row.patientId) !== patientCode) throw new StudyError('POINTS_EXAM_UNKNOWN', { exam })
    if (seen.has(row.examId)) throw new StudyError('POINTS_EXAM_TWICE', { exam })
    seen.add(row.examId)
    return row
  })
}

function naming(exam: number, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (error instanceof StudyError) throw new StudyError(error.code, { exam, ...error.details })
    throw error
  }
}
