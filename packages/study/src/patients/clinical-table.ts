import { PatientCode } from '@facetgrade/grading/patient-code'
import type { ClinicalColumn } from '@facetgrade/grading/protocol-document'
import { z } from 'zod'
import type { StudyActor } from '../procedure.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import type { ClinicalValues, PatientFacts, PatientRow } from './patient-store.ts'

/** A row of the clinical table after pseudonymisation. `row` is its line in the person's file, to be named back. */
export const ClinicalRow = z.strictObject({
  row: z.int().positive(),
  patientCode: PatientCode,
  sex: z.enum(['M', 'F', 'O']).nullable(),
  ageYears: z.int().min(0).max(90).nullable(),
  site: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,24}$/)
    .nullable(),
  values: z.record(z.string().max(32), z.union([z.number(), z.string().max(16), z.null()])),
})
export type ClinicalRow = z.infer<typeof ClinicalRow>

export const CLINICAL_REASONS = [
  'PATIENT_TWICE',
  'PATIENT_WITHDRAWN',
  'SEX_CONFLICT',
  'COLUMN_UNKNOWN',
  'VALUE_WRONG',
] as const
export type ClinicalProblem = {
  row: number
  column: string
  reason: (typeof CLINICAL_REASONS)[number]
}

export type ClinicalPreview = {
  created: number
  changed: number
  unchanged: number
  problems: readonly ClinicalProblem[]
}

type Plan = {
  create: readonly (PatientFacts & { patientCode: string })[]
  change: readonly { before: PatientRow; facts: PatientFacts }[]
  unchanged: number
  problems: readonly ClinicalProblem[]
}

const isValue = (column: ClinicalColumn, value: string | number): boolean => {
  if (column.type === 'code') return column.codes.some(({ code }) => code === value)
  if (typeof value !== 'number' || (column.type === 'integer' && !Number.isInteger(value))) return false
  return value >= (column.min ?? -Infinity) && value <= (column.max ?? Infinity)
}

/** What the table would do, and every objection with row, column and reason. Takes nothing. */
export async function previewClinicalTable(
  ctx: { stores: Stores; actor: StudyActor },
  rows: readonly ClinicalRow[],
): Promise<ClinicalPreview> {
  const { create, change, unchanged, problems } = await planOf(ctx, rows)
  return { created: create.length, changed: change.length, unchanged, problems }
}

/**
 * Takes the whole table, or nothing of it: `expected` is what the person saw and confirmed.
 *
 * @throws {StudyError} CLINICAL_TABLE_INVALID (first problem in details), CLINICAL_TABLE_CHANGED
 */
export async function confirmClinicalTable(
  ctx: { stores: Stores; actor: StudyActor },
  input: { rows: readonly ClinicalRow[]; expected: { created: number; changed: number } },
): Promise<ClinicalPreview> {
  const { stores, actor } = ctx
  await stores.imports.lockStudy(actor.studyId)
  const { create, change, unchanged, problems } = await planOf(ctx, input.rows)
  const [first] = problems
  if (first) throw new StudyError('CLINICAL_TABLE_INVALID', { ...first, problems: problems.length })
  if (create.length !== input.expected.created || change.length !== input.expected.changed) {
    throw new StudyError('CLINICAL_TABLE_CHANGED', { created: create.length, changed: change.length })
  }
  const created = await stores.patients.create(actor.studyId, create)
  for (const patient of created) {
    await stores.audit.write({
      action: 'patient.created',
      object: 'Patient',
      objectId: patient.patientId,
      new: clinicalOf(patient),
    })
  }
  for (const { before, facts } of change) {
    await stores.patients.update(before.patientId, facts)
    await stores.audit.write({
      action: 'patient.clinical-data-changed',
      object: 'Patient',
      objectId: before.patientId,
      old: clinicalOf(before),
      new: clinicalOf(facts),
    })
  }
  return { created: create.length, changed: change.length, unchanged, problems: [] }
}

const clinicalOf = ({ sex, ageYears, site, clinical }: PatientFacts) => ({ sex, ageYears, site, clinical })

async function planOf(
  { stores, actor }: { stores: Stores; actor: StudyActor },
  rows: readonly ClinicalRow[],
): Promise<Plan> {
  const { protocol } = await stores.protocol.latest(actor.studyId)
  const columns = new Map(protocol.clinicalColumns.map((column) => [column.name, column]))
  const codes = rows.map((row) => row.patientCode)
  const known = new Map(
    (await stores.patients.byCodes(actor.studyId, codes)).map((patient) => [patient.patientCode, patient]),
  )
  const seen = new Set<string>()
  const problems: ClinicalProblem[] = []
  const create: (PatientFacts & { patientCode: string })[] = []
  const change: { before: PatientRow; facts: PatientFacts }[] = []
  for (const row of rows) {
    const before = known.get(row.patientCode)
    problems.push(...problemsOf(row, { before, columns, isTwice: seen.has(row.patientCode) }))
    seen.add(row.patientCode)
    const facts = mergedFacts(before, row)
    if (!before) create.push({ patientCode: row.patientCode, ...facts })
    else if (JSON.stringify(clinicalOf(facts)) !== JSON.stringify(clinicalOf(before))) change.push({ before, facts })
  }
  return { create, change, unchanged: rows.length - create.length - change.length, problems }
}

function problemsOf(
  row: ClinicalRow,
  at: { before: PatientRow | undefined; columns: ReadonlyMap<string, ClinicalColumn>; isTwice: boolean },
): ClinicalProblem[] {
  const problems: ClinicalProblem[] = []
  const report = (column: string, reason: ClinicalProblem['reason']) => problems.push({ row: row.row, column, reason })
  if (at.isTwice) report('patient_code', 'PATIENT_TWICE')
  if (at.before?.withdrawnAt) report('patient_code', 'PATIENT_WITHDRAWN')
  if (at.before?.sex && row.sex && at.before.sex !== row.sex) report('sex', 'SEX_CONFLICT')
  for (const [name, value] of Object.entries(row.values)) {
    const column = at.columns.get(name)
    if (!column) report(name, 'COLUMN_UNKNOWN')
    else if (value !== null && !isValue(column, value)) report(name, 'VALUE_WRONG')
  }
  return problems
}

/** An empty cell says nothing: what is known stays. The table's age counts before the one that an image gave. */
function mergedFacts(before: PatientRow | undefined, row: ClinicalRow): PatientFacts {
  const given = Object.entries(row.values).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  const clinical: ClinicalValues = Object.fromEntries(
    [
      ...Object.entries(before?.clinical ?? {}).filter(([name]) => !given.some(([other]) => other === name)),
      ...given,
    ].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
  return {
    sex: before?.sex ?? row.sex,
    ageYears: row.ageYears ?? before?.ageYears ?? null,
    site: row.site ?? before?.site ?? null,
    clinical,
    birthDateHmac: before?.birthDateHmac ?? null,
    imagedInPeriod: before?.imagedInPeriod ?? null,
  }
}
