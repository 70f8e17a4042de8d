import { linearisedCovariance } from '../cluster/linearised-covariance.ts'
import type { EvaluationDocument, GalleryItem } from '../evaluation-document.ts'
import { type RocPoint, rocCurve } from '../roc/roc-curve.ts'
import { figureKey } from './calibration-rows.ts'
import type { Judged } from './judged.ts'
import { metricCounts, positivesOf } from './metric-result.ts'
import { cumulativeAt, type Pair, pairUp } from './pair.ts'
import type { Question } from './question.ts'
import { digits } from './row.ts'

/** Joints by reference grade (down) and the comparator's grade (across). */
export function confusionFigure(question: Question, judged: Judged): EvaluationDocument['confusion'][number] {
  const pair = pairUp(question, judged.grades)
  const counts = Array.from({ length: pair.referenceScale }, () => Array.from({ length: pair.raterScale }, () => 0))
  for (let i = 0; i < pair.truth.length; i++) {
    const row = counts[pair.truth[i] as number] as number[]
    const grade = pair.rated[i] as number
    row[grade] = (row[grade] as number) + 1
  }
  return { ...figureKey(question, judged.comparator.code), counts }
}

type Roc = EvaluationDocument['roc'][number]
const MOST_POINTS = 200

/** ROC of the comparator's grades and, of a model, of its probability, at the protocol's cut, with the point where it works. */
export function rocFigures(question: Question, judged: Judged): Roc[] {
  const pair = pairUp(question, judged.grades)
  const { code, kind } = judged.comparator
  const truth = positivesOf(pair.truth, pair.referenceCut)
  const figure = (score: Roc['score'], scores: ArrayLike<number>, at: Roc['at']): Roc[] => {
    const curve = rocCurve(truth, scores)
    if (typeof curve === 'string') return []
    const points = thinned(curve).map(({ sensitivity, specificity }) => ({
      falsePositiveRate: digits(1 - specificity),
      sensitivity: digits(sensitivity),
    }))
    return [{ ...figureKey(question, code), cutGrade: question.raterCut, score, points: points.toReversed(), at }]
  }
  const grades = figure('grades', pair.rated, kind === 'model' ? null : workingPoint(pair))
  if (kind !== 'model') return grades
  const all = cumulativeAt(question, code, question.raterCut)
  const scores = Float64Array.from(pair.units, (i) => all[i] as number)
  const at = judged.calls === null ? null : workingPoint(pairUp(question, judged.calls, { isCall: true }))
  return [...grades, ...figure('probability', scores, at)]
}

/** Corners of the staircase alone, and of those every n-th where there are too many to see. */
function thinned(curve: readonly RocPoint[]): RocPoint[] {
  const corners = curve.filter((point, i) => {
    const [before, after] = [curve[i - 1], curve[i + 1]]
    if (before === undefined || after === undefined) return true
    const cross = (point.fp - before.fp) * (after.tp - point.tp) - (point.tp - before.tp) * (after.fp - point.fp)
    return cross !== 0
  })
  const step = Math.ceil(corners.length / MOST_POINTS)
  return corners.filter((_, i) => i % step === 0 || i === corners.length - 1)
}

/** False positive rate and sensitivity of the calls with their clustered covariance (ratios of totals over all joints). */
function workingPoint(pair: Pair): Roc['at'] {
  const sensitivity = ratio(pair, 'sensitivity')
  const specificity = ratio(pair, 'specificity')
  if (sensitivity === null || specificity === null || pair.clusters.count < 2) return null
  const { clusters } = pair
  const fall = specificity.influence.map((one) => -one)
  return {
    falsePositiveRate: digits(1 - specificity.estimate),
    sensitivity: digits(sensitivity.estimate),
    varianceFalsePositiveRate: digits(Math.max(0, linearisedCovariance(fall, fall, clusters) ?? 0)),
    varianceSensitivity: digits(
      Math.max(0, linearisedCovariance(sensitivity.influence, sensitivity.influence, clusters) ?? 0),
    ),
    covariance: digits(linearisedCovariance(fall, sensitivity.influence, clusters) ?? 0),
    df: clusters.count - 1,
  }
}

function ratio(
  pair: Pair,
  metric: 'sensitivity' | 'specificity',
): { estimate: number; influence: Float64Array } | null {
  const { numerator, denominator } = metricCounts(pair, metric)
  const above = numerator.reduce((sum, one) => sum + one, 0)
  const below = denominator.reduce((sum, one) => sum + one, 0)
  if (below === 0) return null
  const estimate = above / below
  const influence = Float64Array.from(numerator, (one, i) => (one - estimate * (denominator[i] as number)) / below)
  return { estimate, influence }
}

/** The joints where a comparator lies farthest from the reference: most steps first, then the surest wrong, then by code. */
export function galleryItems(
  question: Question,
  judged: Judged,
  of: { readonly most: number; readonly examId: (patientCode: string) => string | null },
): GalleryItem[] {
  const pair = pairUp(question, judged.grades)
  if (pair.raterScale !== pair.referenceScale) return []
  const at = question.probabilities.get(judged.comparator.code)
  const probabilityOfTruth = (i: number): number =>
    at?.[(pair.units[i] as number) * question.raterScale + (pair.truth[i] as number)] ?? 0
  const steps = (i: number): number => Math.abs((pair.rated[i] as number) - (pair.truth[i] as number))
  return [...pair.units.keys()]
    .filter((i) => steps(i) > 0)
    .toSorted((a, b) => steps(b) - steps(a) || probabilityOfTruth(a) - probabilityOfTruth(b) || a - b)
    .slice(0, of.most)
    .flatMap((i): GalleryItem[] => {
      const unit = pair.units[i] as number
      const cell = question.cells[unit]
      if (cell === undefined) return []
      const row = at && [...at.subarray(unit * question.raterScale, (unit + 1) * question.raterScale)]
      return [
        {
          comparator: judged.comparator.code,
          modality: question.modality,
          feature: question.feature,
          patientCode: cell.patientCode,
          examId: of.examId(cell.patientCode),
          level: cell.level,
          side: cell.side,
          reference: pair.truth[i] as number,
          answered: pair.rated[i] as number,
          error: (pair.rated[i] as number) - (pair.truth[i] as number),
          probabilities: row === undefined || row.some(Number.isNaN) ? null : row.map(digits),
        },
      ]
    })
}

/** Patients in the order in which the bootstrap draws them: by code. */
export const patientOrder = (codes: Iterable<string>): string[] => [...new Set(codes)].toSorted()

/** Joints with their patients, as the flow diagram counts them. */
export function analysedOf(questions: readonly Question[]): EvaluationDocument['flow']['analysed'] {
  const byModality = Map.groupBy(questions, ({ modality }) => modality)
  return [...byModality].map(([modality, own]) => {
    const joints = new Set<string>()
    const withReference = new Set<string>()
    const patients = new Set<string>()
    for (const { cells, reference } of own) {
      cells.forEach(({ patientCode, level, side }, i) => {
        const joint = `${patientCode}/${level}/${side}`
        joints.add(joint)
        patients.add(patientCode)
        if ((reference[i] as number) >= 0) withReference.add(joint)
      })
    }
    return { modality, patients: patients.size, joints: joints.size, jointsWithReference: withReference.size }
  })
}
