import { gradeDistributions, type PartCell } from '@facetgrade/evaluation/analysis/distributions'
import type { EvaluationInput } from '@facetgrade/evaluation/analysis/evaluate'
import { secondsOf } from '@facetgrade/evaluation/analysis/reading-time'
import { type RosterColumn, tableOne } from '@facetgrade/evaluation/analysis/table-one'
import type { AnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import type { EvaluationComparator } from '@facetgrade/evaluation/evaluation-document'
import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { Protocol } from '@facetgrade/grading/protocol'
import { referenceGroup } from '@facetgrade/grading/reader-groups'
import type { Json } from '../audit/audit-store.ts'
import { firstRound } from '../reference/first-round.ts'
import { flowCounts } from '../screening/show-flow.ts'
import { sha256 } from '../sha256.ts'
import type { Stores } from '../stores.ts'
import type { StudyKind } from '../studies/study-store.ts'
import { type EvaluationAnswers, evaluationCells, severities } from './evaluation-cells.ts'
import type { CaseCell } from './evaluation-store.ts'
import type { Frozen } from './freeze-evaluation.ts'
import { type JudgedModel, judgedModels, modelCells } from './judged-models.ts'
import { frozenPoints } from './operating-points.ts'

export type Gathered = {
  readonly input: EvaluationInput
  /** What the evaluation stands on, by id and hash, for the record. */
  readonly inputs: { readonly [key: string]: Json }
}

type At = {
  readonly studyId: string
  readonly studyKind: StudyKind
  readonly frozen: Frozen
  readonly plan: AnalysisPlan
}

/** Everything that an evaluation reads, in one transaction under the system's wall, after the unsealing was checked. */
export async function gatherEvaluation(stores: Stores, at: At): Promise<Gathered> {
  const { studyId, frozen, plan } = at
  const { protocol } = frozen.protocol
  const { referenceId } = frozen.reference
  const round = firstRound(protocol)
  const models = await judgedModels(stores, { studyId, plan })
  const operatingPoints = await frozenPoints(stores, {
    studyId,
    planId: frozen.plan.planId,
    plan,
    protocol,
    referenceId,
    models,
  })
  const raters = await gatherRaters(stores, { studyId, protocol, plan })
  const reference = await stores.evaluation.referenceAnswers({ referenceId, part: null })
  const answers: EvaluationAnswers = {
    reference: reference.filter(({ part }) => part === 'test'),
    ratings: raters.ratings,
    models: await modelCells(stores, { studyId, part: 'test', models }),
    settled: raters.settled,
  }
  const cases = await stores.evaluation.testCases({ studyId, round })
  const cells = evaluationCells(protocol, cases, answers)
  const comparators = [...models.map(modelComparator), ...raters.comparators]
  const exams = await stores.evaluation.examFacts({ studyId, round })
  const roster = await stores.evaluation.roster(studyId)
  const input: EvaluationInput = {
    protocol,
    plan,
    data: 'test',
    studyKind: at.studyKind,
    comparators,
    cells,
    operatingPoints,
    facts: roster
      .filter(({ part }) => part === 'test')
      .map(({ patientCode, sex, ageYears, site }) => ({
        patientCode,
        sex,
        ageYears,
        site,
        exams: Object.fromEntries(
          exams
            .filter((exam) => exam.patientCode === patientCode)
            .map(({ modality, scanner, sliceThicknessMm }) => [modality, { scanner, sliceThicknessMm }]),
        ),
      })),
    examId: (patientCode, modality) =>
      exams.find((exam) => exam.patientCode === patientCode && exam.modality === modality)?.examId ?? null,
    readingTimes: await readingTimes(stores, { studyId, protocol, plan }),
    flow: await flowCounts(stores, { studyId, protocol }),
    tableOne: tableOne(
      rosterColumns(protocol),
      roster.map((one) => ({ part: one.part, values: rosterValues(protocol, one) })),
    ),
    distributions: gradeDistributions(protocol, partCells(protocol, reference)),
  }
  return {
    input,
    inputs: {
      comparators: comparators.map((one) => ({ ...one })),
      models: models.map(({ modelId, slug, hash, predictions, predictionsHash }) => ({
        modelId,
        slug,
        hash,
        predictions,
        predictionsHash,
      })),
      operatingPointsHash: sha256(canonicalJson(operatingPoints)),
      signatureIds: raters.signatureIds.toSorted(),
      consensusIds: raters.consensusIds.toSorted(),
      patients: new Set(cases.map(({ patientCode }) => patientCode)).size,
      cells: cells.length,
      cellsHash: sha256(canonicalJson(cells)),
    },
  }
}

const modelComparator = ({ code, hash }: JudgedModel): EvaluationComparator => ({
  code,
  kind: 'model',
  group: null,
  round: null,
  modelHash: hash,
})

type Raters = {
  readonly comparators: EvaluationComparator[]
  readonly ratings: Map<string, readonly CaseCell[]>
  readonly signatureIds: string[]
  readonly consensusIds: string[]
  settled: NonNullable<EvaluationAnswers['settled']>
}

type Of = { readonly studyId: string; readonly protocol: Protocol; readonly plan: AnalysisPlan }

/** Readers of every group in every round that the plan asks for, and the compared groups' consensus. */
async function gatherRaters(stores: Stores, { studyId, protocol, plan }: Of): Promise<Raters> {
  const raters: Raters = { comparators: [], ratings: new Map(), signatureIds: [], consensusIds: [], settled: [] }
  const first = firstRound(protocol)
  const setting = referenceGroup(protocol).name
  for (const { group, readers, consensus } of plan.comparators) {
    if (readers) await addReaders(stores, raters, { studyId, group, round: first, kind: 'reader' })
    if (!consensus) continue
    const answers = await stores.evaluation.consensusAnswers({ studyId, readerGroup: group, round: first })
    raters.consensusIds.push(...answers.consensusIds)
    raters.comparators.push({ code: group, kind: 'consensus', group, round: null, modelHash: null })
    raters.ratings.set(group, answers.cells)
  }
  await addReaders(stores, raters, { studyId, group: setting, round: first, kind: 'reference_reader' })
  raters.settled = (await stores.evaluation.consensusAnswers({ studyId, readerGroup: setting, round: first })).cells
  for (const round of protocol.rounds) {
    if (round.kind === 'first') continue
    const kind = round.kind === 'aided' ? ('aided_reader' as const) : ('repeat_reader' as const)
    const compared = plan.comparators.filter(({ readers, aided }) => readers && (kind === 'repeat_reader' || aided))
    const groups = compared.map(({ group }) => group)
    for (const group of kind === 'repeat_reader' ? [...groups, setting] : groups) {
      await addReaders(stores, raters, { studyId, group, round: round.name, kind })
    }
  }
  return raters
}

type Readers = {
  readonly studyId: string
  readonly group: string
  readonly round: string
  readonly kind: 'reader' | 'reference_reader' | 'aided_reader' | 'repeat_reader'
}

async function addReaders(stores: Stores, raters: Raters, { studyId, group, round, kind }: Readers): Promise<void> {
  const of = { studyId, readerGroup: group, round }
  const answers = await stores.evaluation.signedAnswers(of)
  raters.signatureIds.push(...answers.signatureIds)
  const byReader = Map.groupBy(answers.cells, ({ readerCode }) => readerCode)
  const isFirst = kind === 'reader' || kind === 'reference_reader'
  for (const reader of await stores.evaluation.readerCodes(of)) {
    const code = isFirst ? reader : `${reader}~${round}`
    raters.comparators.push({ code, kind, group, round: isFirst ? null : round, modelHash: null })
    raters.ratings.set(code, byReader.get(reader) ?? [])
  }
}

async function readingTimes(stores: Stores, { studyId, protocol, plan }: Of): Promise<EvaluationInput['readingTimes']> {
  const { idleCapSeconds } = plan.readingTime
  const times: EvaluationInput['readingTimes'] = []
  for (const { name: round } of protocol.rounds) {
    const readings = await stores.evaluation.readingOffsets({ studyId, round })
    const byReader = Map.groupBy(readings, ({ readerCode, modality }) => `${readerCode}/${modality}`)
    for (const own of byReader.values()) {
      const [one] = own
      if (!one) continue
      const cases = own.map(({ position, offsetsMs }) => ({ position, seconds: secondsOf(offsetsMs, idleCapSeconds) }))
      times.push({ reader: one.readerCode, group: one.readerGroup, round, modality: one.modality, cases })
    }
  }
  return times
}

const rosterColumns = (protocol: Protocol): RosterColumn[] => [
  { variable: 'age_years', kind: 'number', unit: 'years' },
  { variable: 'sex', kind: 'category', unit: null },
  { variable: 'site', kind: 'category', unit: null },
  ...protocol.modalities.map((modality) => ({ variable: `has_${modality}`, kind: 'category' as const, unit: null })),
  ...protocol.clinicalColumns.map((column) => ({
    variable: column.name,
    kind: column.type === 'code' ? ('category' as const) : ('number' as const),
    unit: column.type === 'code' ? null : (column.unit ?? null),
  })),
]

type Roster = Awaited<ReturnType<Stores['evaluation']['roster']>>[number]

function rosterValues(protocol: Protocol, patient: Roster): Record<string, number | string | null> {
  const { ageYears, sex, site, modalities, clinical } = patient
  const own = protocol.clinicalColumns.map(({ name }) => {
    const value = clinical[name]
    return [name, typeof value === 'number' || typeof value === 'string' ? value : null] as const
  })
  const has = protocol.modalities.map((one) => [`has_${one}`, modalities.includes(one) ? 'yes' : 'no'] as const)
  return { age_years: ageYears, sex, site, ...Object.fromEntries(has), ...Object.fromEntries(own) }
}

/** The reference of every part, with the severity that follows from it. */
function partCells(
  protocol: Protocol,
  reference: Awaited<ReturnType<Stores['evaluation']['referenceAnswers']>>,
): PartCell[] {
  const cells = reference.map(({ part, modality, cell, value }) => ({
    part,
    modality,
    feature: cell.feature,
    level: cell.level,
    value,
  }))
  const cases = Map.groupBy(reference, ({ patientCode, modality }) => `${patientCode}/${modality}`)
  const derived = [...cases.values()].flatMap((own) => {
    const [first] = own
    if (!first || !protocol.features.every(({ scales }) => scales[first.modality])) return []
    if (protocol.globalGrade?.modalities.includes(first.modality)) return []
    const { part, modality } = first
    return [...severities(protocol, modality, own)].map(([joint, value]) => {
      const level = own.find(({ cell }) => joint.startsWith(`${cell.level}-`))?.cell.level ?? first.cell.level
      return { part, modality, feature: 'severity' as const, level, value }
    })
  })
  return [...cells, ...derived]
}
