import type { CellValue } from '@facetgrade/grading/cell'
import type { CellFeature } from '@facetgrade/grading/feature'
import { LEVELS, SIDES } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import { gradeOf } from '@facetgrade/grading/prediction'
import type { EvaluationInput } from '../analysis/evaluate.ts'
import { chooseOperatingPoints } from '../analysis/operating-points.ts'
import type { PatientFacts } from '../analysis/subgroups.ts'
import type { AnalysisPlan } from '../analysis-plan.ts'
import type { EvaluationCell, EvaluationProtocol } from '../comparator.ts'
import { normalCdf } from '../distribution/normal.ts'
import type { EvaluationComparator } from '../evaluation-document.ts'
import { scaleSize } from '../protocol-scale.ts'
import { normals } from './simulated-study.ts'

/** Id of the made-up model of a dry run; no registered model can have it. */
export const SIMULATED_MODEL = 'simulated-model'

type Settings = {
  readonly patients: number
  readonly seed: number
  /** Share of the answers that are not assessable. */
  readonly notAssessable?: number
}

/**
 * A whole evaluation's input made up from latent severities: the protocol's modalities, features and reader groups, a model
 * with calibrated-looking probabilities, its operating points chosen on a made-up validation part. Nothing in it comes from
 * the study but its protocol and plan, so that the plan can run dry before it is locked.
 *
 * @throws {RangeError} no patients
 */
export function simulatedEvaluation(
  of: { readonly protocol: EvaluationProtocol; readonly plan: AnalysisPlan },
  settings: Settings,
): EvaluationInput {
  const { protocol, plan } = of
  if (!(settings.patients >= 1)) throw new RangeError(`simulatedEvaluation: ${settings.patients} patients`)
  const comparators = simulatedComparators(protocol, plan)
  const cells = simulatedCells(protocol, comparators, { ...settings, prefix: 'T' })
  const validation = simulatedCells(protocol, comparators, { ...settings, seed: settings.seed + 1, prefix: 'V' })
  const hasModel = comparators.some(({ kind }) => kind === 'model')
  const codes = [...new Set(cells.map(({ patientCode }) => patientCode))]
  return {
    protocol,
    plan,
    data: 'simulated',
    studyKind: 'synthetic',
    comparators,
    cells,
    operatingPoints: hasModel
      ? chooseOperatingPoints({ protocol, plan, model: SIMULATED_MODEL, cells: validation })
      : [],
    facts: codes.map(simulatedFacts),
    examId: () => null,
    readingTimes: simulatedTimes(protocol, comparators, settings),
    flow: {
      enrolled: settings.patients,
      notScreened: 0,
      excluded: [],
      excludedPatients: 0,
      eligible: settings.patients,
      parts: [{ part: 'test', patients: settings.patients, withdrawn: 0 }],
    },
    tableOne: [],
    distributions: [],
  }
}

function simulatedComparators(protocol: EvaluationProtocol, plan: AnalysisPlan): EvaluationComparator[] {
  const none = { round: null, modelHash: null }
  const readers = protocol.readerGroups.flatMap(({ name, role, readers: count, codePrefix }) => {
    const rule = plan.comparators.find(({ group }) => group === name)
    if (role === 'compared' && rule === undefined) return []
    const kind = role === 'reference' ? ('reference_reader' as const) : ('reader' as const)
    const own = Array.from({ length: count }, (_, i) => ({ code: `${codePrefix}${i + 1}`, kind, group: name, ...none }))
    const consensus = { code: name, kind: 'consensus' as const, group: name, ...none }
    return rule?.consensus === true && role === 'compared' ? [...own, consensus] : own
  })
  const model = { code: SIMULATED_MODEL, kind: 'model' as const, group: null, round: null, modelHash: null }
  return plan.models.which === 'none' ? readers : [model, ...readers]
}

const ERROR = 0.55
const SHARED = 0.3

type Cohort = Settings & { readonly prefix: string }

function simulatedCells(
  protocol: EvaluationProtocol,
  comparators: readonly EvaluationComparator[],
  { patients, seed, notAssessable = 0.01, prefix }: Cohort,
): EvaluationCell[] {
  const normal = normals(seed)
  const cells: EvaluationCell[] = []
  const [common, own] = [Math.sqrt(SHARED), Math.sqrt(1 - SHARED)]
  for (let p = 1; p <= patients; p++) {
    const ofPatient = normal()
    const habits = comparators.map(() => normal())
    for (const { modality, feature } of questionsIn(protocol)) {
      const size = scaleSize(protocol, modality, feature)
      for (const level of LEVELS) {
        for (const side of SIDES) {
          const latent = common * ofPatient + own * normal()
          const seen = habits.map((habit) => latent + ERROR * (common * habit + own * normal()))
          const open = comparators.map(() => normalCdf(normal()) < notAssessable)
          cells.push({
            patientCode: `${prefix}${String(p).padStart(5, '0')}`,
            modality,
            level,
            side,
            feature,
            reference: { kind: 'graded', grade: gradeAt(latent, size) },
            ...answered(comparators, { seen, open, size }),
            isAdjudicated: normalCdf(normal()) < 0.2,
          })
        }
      }
    }
  }
  return cells
}

type Seen = { readonly seen: readonly number[]; readonly open: readonly boolean[]; readonly size: number }

function answered(
  comparators: readonly EvaluationComparator[],
  { seen, open, size }: Seen,
): Pick<EvaluationCell, 'ratings' | 'probabilities'> {
  const ratings: Record<string, CellValue> = {}
  const probabilities: Record<string, number[]> = {}
  comparators.forEach(({ code, kind }, i) => {
    const latent = seen[i] as number
    if (open[i] === true) ratings[code] = { kind: 'not_assessable', reason: { code: 'artefact' } }
    else if (kind !== 'model') ratings[code] = { kind: 'graded', grade: gradeAt(latent, size) }
    else {
      const shares = sharesAt(latent, size)
      probabilities[code] = shares
      ratings[code] = { kind: 'graded', grade: gradeOf(shares) }
    }
  })
  return { ratings, probabilities }
}

/** Cuts of a standard normal severity: 45 % at grade 0, the rest shared, the highest grade rarest. */
function cutsOf(size: number): number[] {
  return [-0.1257, 0.5244, 1.175, 1.75].slice(0, size - 1)
}

const gradeAt = (latent: number, size: number): number => cutsOf(size).filter((cut) => latent > cut).length

/** Probability of each grade, given what the model saw: normal around its shrunken view. */
function sharesAt(latent: number, size: number): number[] {
  const shrink = 1 / (1 + ERROR ** 2)
  const spread = Math.sqrt(ERROR ** 2 * shrink)
  const above = cutsOf(size).map((cut) => normalCdf((latent * shrink - cut) / spread))
  return Array.from({ length: size }, (_, k) => Math.max(0, (above[k - 1] ?? 1) - (above[k] ?? 0)))
}

/** Features that each modality asks, and severity where every feature is asked or the protocol has a global grade. */
function questionsIn(protocol: EvaluationProtocol): { modality: Modality; feature: CellFeature }[] {
  return protocol.modalities.flatMap((modality) => {
    const asked: CellFeature[] = protocol.features.flatMap(({ feature, scales }) => (scales[modality] ? [feature] : []))
    const whole =
      asked.length === protocol.features.length || protocol.globalGrade?.modalities.includes(modality) === true
    return (whole ? [...asked, 'severity' as const] : asked).map((feature) => ({ modality, feature }))
  })
}

function simulatedFacts(patientCode: string, index: number): PatientFacts {
  const exam = { scanner: `Scanner ${(index % 3) + 1}`, sliceThicknessMm: [1, 2, 3.5][index % 3] ?? null }
  return {
    patientCode,
    sex: index % 2 === 0 ? 'F' : 'M',
    ageYears: 30 + ((index * 7) % 50),
    site: `Site ${(index % 2) + 1}`,
    exams: { xray: { ...exam, sliceThicknessMm: null }, ct: exam, mr: exam },
  }
}

function simulatedTimes(
  protocol: EvaluationProtocol,
  comparators: readonly EvaluationComparator[],
  { patients, seed }: Settings,
): EvaluationInput['readingTimes'] {
  const normal = normals(seed + 2)
  return comparators.flatMap(({ code, kind, group }) =>
    kind !== 'reader' && kind !== 'reference_reader'
      ? []
      : protocol.modalities.map((modality) => ({
          reader: code,
          group: group ?? '',
          round: 'first',
          modality,
          cases: Array.from({ length: patients }, (_, i) => ({
            position: i + 1,
            seconds: Math.round(1000 * 240 * Math.exp(0.4 * normal() - 0.0005 * i)) / 1000,
          })),
        })),
  )
}
