import { Modality } from '@facetgrade/grading/modality'
import { PatientCode } from '@facetgrade/grading/patient-code'
import { PhantomTruth } from '@facetgrade/grading/phantom-truth'
import type { Protocol } from '@facetgrade/grading/protocol'
import { z } from 'zod'
import type { StudyActor } from '../procedure.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import type { PatientTruth } from './phantom-truth-store.ts'

/** Built-in grades of one phantom in one modality, under its patient code. `row` is its first line in the file. */
export const KeyedTruth = z.strictObject({
  row: z.int().positive(),
  patientCode: PatientCode,
  modality: Modality,
  cells: z.array(PhantomTruth).min(1).max(100),
})
export type KeyedTruth = z.infer<typeof KeyedTruth>

export type TruthImport = { cells: number; added: number; unchanged: number }
type Context = {
  stores: Stores
  actor: StudyActor
  asSystem: <T>(work: (stores: Stores) => Promise<T>) => Promise<T>
}

/** What an import of this truth would do. Takes nothing. @throws what `importTruth` throws */
export async function previewTruth(ctx: Context, truth: readonly KeyedTruth[]): Promise<TruthImport> {
  return (await planOf(ctx, truth)).answer
}

/**
 * Takes the grades that were built into phantoms, all or none. Only where no patient is: studies marked synthetic or
 * demo. The same table again changes nothing; another grade for a cell that stands is refused.
 *
 * @throws {StudyError} TRUTH_IN_REAL_STUDY, TRUTH_PATIENT_UNKNOWN, TRUTH_CELL_TWICE, GRADE_OFF_SCALE, TRUTH_DIFFERS;
 * details name the line
 */
export async function importTruth(ctx: Context, truth: readonly KeyedTruth[]): Promise<TruthImport> {
  const { answer, cells } = await planOf(ctx, truth)
  if (cells.length === 0) return answer
  // The coordinator brings the table and sees none of it: the system writes.
  const added = await ctx.asSystem((stores) => stores.phantomTruth.add(ctx.actor.studyId, cells))
  if (added !== cells.length) throw new StudyError('TRUTH_DIFFERS')
  await ctx.stores.audit.write({
    action: 'phantom-truth.imported',
    object: 'Study',
    objectId: ctx.actor.studyId,
    new: { patients: new Set(cells.map(({ patientId }) => patientId)).size, cells: added },
  })
  return answer
}

async function planOf(
  { stores, actor, asSystem }: Context,
  truth: readonly KeyedTruth[],
): Promise<{ answer: TruthImport; cells: PatientTruth[] }> {
  const { kind } = await stores.studies.show(actor.studyId)
  if (kind === 'real') throw new StudyError('TRUTH_IN_REAL_STUDY')
  const { protocol } = await stores.protocol.latest(actor.studyId)
  const codes = [...new Set(truth.map(({ patientCode }) => patientCode))]
  const patients = new Map(
    (await stores.patients.byCodes(actor.studyId, codes)).map(({ patientCode, patientId }) => [patientCode, patientId]),
  )
  const standing = await asSystem(async (system) => {
    const rows = await system.phantomTruth.ofPatients([...patients.values()])
    return new Map(rows.map((row) => [cellKey(row), row]))
  })
  const cells: PatientTruth[] = []
  const seen = new Set<string>()
  let unchanged = 0
  for (const { row, patientCode, modality, cells: given } of truth) {
    const patientId = patients.get(patientCode)
    if (patientId === undefined) throw new StudyError('TRUTH_PATIENT_UNKNOWN', { row })
    for (const cell of given) {
      const at = { row, level: cell.level, side: cell.side, feature: cell.feature }
      const next = { patientId, modality, ...cell }
      const key = cellKey(next)
      if (seen.has(key)) throw new StudyError('TRUTH_CELL_TWICE', at)
      seen.add(key)
      if (cell.grade >= levelsOf(protocol, cell.feature)) throw new StudyError('GRADE_OFF_SCALE', at)
      const before = standing.get(key)
      if (!before) cells.push(next)
      else if (before.grade === next.grade && before.visible === next.visible) unchanged += 1
      else throw new StudyError('TRUTH_DIFFERS', at)
    }
  }
  return { answer: { cells: cells.length + unchanged, added: cells.length, unchanged }, cells }
}

const cellKey = ({ patientId, modality, level, side, feature }: PatientTruth): string =>
  [patientId, modality, level, side, feature].join(' ')

/** A joint has its grade whether a modality asks for it or not; so the feature's longest scale decides. */
const levelsOf = (protocol: Protocol, feature: PhantomTruth['feature']): number =>
  Math.max(
    0,
    ...protocol.features
      .filter((question) => question.feature === feature)
      .flatMap(({ scales }) => Object.values(scales).map((scale) => scale.length)),
  )
