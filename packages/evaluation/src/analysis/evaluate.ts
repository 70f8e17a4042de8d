import type { AnalysisPlan } from '../analysis-plan.ts'
import { GENERATOR } from '../bootstrap/cluster-draws.ts'
import type { EvaluationCell, EvaluationProtocol } from '../comparator.ts'
import type { EvaluationComparator, EvaluationDocument, OperatingPoint } from '../evaluation-document.ts'
import type { EvaluationRow } from '../evaluation-row.ts'
import { agreementRows } from './agreement-rows.ts'
import { type AidedReader, aidedVersusUnaided } from './aided-comparisons.ts'
import { performanceBootstrap } from './bootstrap-rows.ts'
import { calibrationRows } from './calibration-rows.ts'
import { discrimination } from './discrimination.ts'
import { analysedOf, confusionFigure, galleryItems, patientOrder, rocFigures } from './figures.ts'
import { gradeRows } from './grade-rows.ts'
import { hypothesisRows } from './hypotheses.ts'
import { type Judged, judgedOn } from './judged.ts'
import { modelVersusPanelRows, modelVersusReader } from './model-comparisons.ts'
import { patientLevelRows } from './patient-level.ts'
import { finishRows, jobOf, type Pending, type Resampler } from './pending.ts'
import { missingSensitivity, performance } from './performance.ts'
import { type Question, questionsOf } from './question.ts'
import { readingTimeRows } from './reading-time.ts'
import { type PatientFacts, subgroupMetrics, subgroupRows } from './subgroups.ts'

export type EvaluationInput = {
  readonly protocol: EvaluationProtocol
  readonly plan: AnalysisPlan
  readonly data: EvaluationDocument['data']
  readonly studyKind: EvaluationDocument['studyKind']
  readonly comparators: readonly EvaluationComparator[]
  /** Cells of the test part: one per patient, modality, level, side and feature. */
  readonly cells: readonly EvaluationCell[]
  readonly operatingPoints: readonly OperatingPoint[]
  /** One per patient; a patient without facts is in no subgroup. */
  readonly facts: readonly PatientFacts[]
  readonly examId: (patientCode: string, modality: string) => string | null
  readonly readingTimes: EvaluationDocument['readingTimes']
  /** Counted where the whole roster is known; `analysed` is counted here. */
  readonly flow: Omit<EvaluationDocument['flow'], 'analysed'>
  readonly tableOne: EvaluationDocument['tableOne']
  readonly distributions: EvaluationDocument['distributions']
}

/**
 * The whole analysis plan on one part of the data: every estimand in the result contract, and the data of the figures.
 * Rows come in a fixed order; the same input gives the same document, whatever draws the resamples.
 *
 * @param resample  draws the bootstrap replicates: `bootstrapInWorkers`, or one thread
 * @param pause  awaited every fraction of a second of computing, so that a server's other work goes on
 * @throws {RangeError} a comparator of a reference group or of no group, a code named twice, and as `questionsOf`
 */
export async function evaluate(
  input: EvaluationInput,
  resample: Resampler,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<EvaluationDocument> {
  assertComparators(input)
  const { plan, protocol, comparators } = input
  const patients = patientOrder(input.cells.map(({ patientCode }) => patientCode))
  const models = comparators.filter(({ kind }) => kind === 'model').map(({ code }) => code)
  const raters = comparators.filter(({ kind }) => kind !== 'model').map(({ code }) => code)
  const questions = questionsOf({ protocol, raters, models, patients, cells: input.cells })
  const out = emptyOut()
  for (const question of questions) await analyse(question, { input, patients, out, pause })
  for (const times of input.readingTimes) out.rows.push(...readingTimeRows(times, plan.interval.level))
  const { seed, replicates, kind, undefinedAtMost } = plan.interval.bootstrap
  const drawn =
    out.pending.length === 0 ? [] : await resample(jobOf(out.pending, patients.length), { seed, replicates })
  out.rows.push(...finishRows(out.pending, drawn, { patients: patients.length, plan }))
  out.rows.push(...hypothesisRows(out.rows, comparators, plan))
  return {
    format: 'facetgrade-evaluation/2',
    data: input.data,
    studyKind: input.studyKind,
    level: plan.interval.level,
    comparators: [...comparators],
    operatingPoints: [...input.operatingPoints],
    bootstrap: { seed, replicates, generator: GENERATOR, kind, undefinedAtMost, patients },
    rows: out.rows,
    confusion: out.confusion,
    roc: out.roc,
    calibration: out.calibration,
    decisionCurves: out.decisionCurves,
    gallery: out.gallery,
    distributions: input.distributions,
    readingTimes: input.readingTimes,
    flow: { ...input.flow, analysed: analysedOf(questions) },
    tableOne: input.tableOne,
  }
}

type Out = Pick<EvaluationDocument, 'confusion' | 'roc' | 'calibration' | 'decisionCurves' | 'gallery'> & {
  rows: EvaluationRow[]
  pending: Pending[]
}
const emptyOut = (): Out => ({
  rows: [],
  pending: [],
  confusion: [],
  roc: [],
  calibration: [],
  decisionCurves: [],
  gallery: [],
})

type At = {
  readonly input: EvaluationInput
  readonly patients: readonly string[]
  readonly out: Out
  readonly pause: () => Promise<void>
}

async function analyse(question: Question, { input, patients, out, pause }: At): Promise<void> {
  const { plan, protocol } = input
  const judged = judgedOn(question, input.comparators, input.operatingPoints).filter((one) =>
    readsModality(protocol, one.comparator, question.modality),
  )
  const byCode = new Map(input.facts.map((one) => [one.patientCode, one]))
  const facts = patients.map((code) => byCode.get(code) ?? unknownFacts(code))
  // Asked by the protocol and not a cell of it in the test part: said once a comparator, not in every analysis.
  if (question.cells.length === 0) {
    for (const one of judged) out.rows.push(...performance(question, one, plan))
    return
  }
  for (const one of judged) {
    await pause()
    out.rows.push(...performance(question, one, plan), ...missingSensitivity(question, one, plan))
    out.pending.push(...performanceBootstrap(question, one, plan))
    for (const part of [gradeRows, discrimination]) {
      const { rows, pending } = part(question, one, plan)
      out.rows.push(...rows)
      out.pending.push(...pending)
    }
    out.rows.push(...subgroupRows(question, one, { plan, metrics: subgroupMetrics(protocol), facts }))
    out.rows.push(...patientLevelRows(question, one, plan))
    out.confusion.push(confusionFigure(question, one))
    out.roc.push(...rocFigures(question, one))
    const examId = (patientCode: string): string | null => input.examId(patientCode, question.modality)
    out.gallery.push(...galleryItems(question, one, { most: plan.gallery.perQuestion, examId }))
    if (one.comparator.kind === 'model') addCalibration(question, one, { plan, out })
  }
  await pause()
  compare(question, judged, { input, out })
  await pause()
  const referenceGroup = protocol.readerGroups.find(({ role }) => role === 'reference')?.name ?? ''
  const { rows, pending } = agreementRows(question, { comparators: input.comparators, plan, referenceGroup })
  out.rows.push(...rows)
  out.pending.push(...pending)
}

function addCalibration(question: Question, judged: Judged, { plan, out }: { plan: AnalysisPlan; out: Out }): void {
  const { rows, pending, calibration, decisionCurves } = calibrationRows(question, judged, plan)
  out.rows.push(...rows)
  out.pending.push(...pending)
  out.calibration.push(...calibration)
  out.decisionCurves.push(...decisionCurves)
}

function compare(question: Question, judged: readonly Judged[], { input, out }: Pick<At, 'input' | 'out'>): void {
  const { plan } = input
  const models = judged.filter(({ comparator }) => comparator.kind === 'model')
  const readers = judged.filter(({ comparator }) => comparator.kind === 'reader')
  const consensus = judged.filter(({ comparator }) => comparator.kind === 'consensus')
  const panels = Map.groupBy(readers, ({ comparator }) => comparator.group ?? '')
  for (const model of models) {
    for (const reader of [...readers, ...consensus])
      out.rows.push(...modelVersusReader(question, model, { reader, plan }))
    for (const [group, members] of panels) {
      out.rows.push(...modelVersusPanelRows(question, model, { readers: members, panel: `panel:${group}`, plan }))
    }
  }
  for (const { group, round, readers: pairs } of aidedPanels(judged)) {
    out.rows.push(...aidedVersusUnaided(question, pairs, { group, round, plan }))
  }
}

function aidedPanels(judged: readonly Judged[]): { group: string; round: string; readers: AidedReader[] }[] {
  const codes = new Set(judged.map(({ comparator }) => comparator.code))
  const aided = judged.filter(({ comparator }) => comparator.kind === 'aided_reader')
  const panels = Map.groupBy(aided, ({ comparator }) => `${comparator.group ?? ''}~${comparator.round ?? ''}`)
  return [...panels].map(([key, members]) => {
    const [group = '', round = ''] = key.split('~')
    const readers = members.flatMap(({ comparator: { code } }): AidedReader[] => {
      const [unaided] = code.split('~')
      return unaided !== undefined && codes.has(unaided) ? [{ code: unaided, aidedCode: code }] : []
    })
    return { group, round, readers }
  })
}

const unknownFacts = (patientCode: string): PatientFacts => ({
  patientCode,
  sex: null,
  ageYears: null,
  site: null,
  exams: {},
})

/** A group that the protocol keeps from a modality is not missing there. */
function readsModality(protocol: EvaluationProtocol, { group, kind }: EvaluationComparator, modality: string): boolean {
  if (kind === 'model') return true
  const rule = protocol.readerGroups.find(({ name }) => name === group)
  return rule?.modalities === undefined || (rule.modalities as readonly string[]).includes(modality)
}

function assertComparators({ protocol, comparators }: EvaluationInput): void {
  const seen = new Set<string>()
  for (const { code, group, kind } of comparators) {
    if (seen.has(code)) throw new RangeError(`comparator ${code} is named twice`)
    seen.add(code)
    if (kind === 'model') continue
    const rule = protocol.readerGroups.find((candidate) => candidate.name === group)
    if (rule === undefined) throw new RangeError(`comparator ${code}: the protocol has no group ${group}`)
    if (kind === 'reference_reader' || kind === 'repeat_reader') continue
    if (rule.role === 'reference') {
      throw new RangeError(`comparator ${code}: ${group} sets the reference and is never compared with it`)
    }
    const prefixed = protocol.readerGroups.find(
      (candidate) => candidate.role === 'reference' && isReaderOf(code, candidate.codePrefix),
    )
    if (prefixed) throw new RangeError(`comparator ${code} is a reader of ${prefixed.name}, who set the reference`)
  }
}

function isReaderOf(code: string, prefix: string): boolean {
  return code.startsWith(prefix) && /^[1-9][0-9]?$/.test(code.slice(prefix.length))
}
