import { CellFeature } from '@facetgrade/grading/feature'
import { type JointId, jointId, Level, Side } from '@facetgrade/grading/joint'
import { jointSeverities } from '@facetgrade/grading/joint-severity'
import type { Modality } from '@facetgrade/grading/modality'
import type { PhantomTruth } from '@facetgrade/grading/phantom-truth'
import type { Protocol } from '@facetgrade/grading/protocol'
import { scaleOf } from '@facetgrade/grading/protocol-cells'
import { z } from 'zod'
import type { Answer } from './training-export-store.ts'

/** What is known of one feature of one joint: a grade from each who gave one, out of so many who answered. */
export const JointLabel = z.strictObject({
  level: Level,
  side: Side,
  feature: CellFeature,
  grades: z.array(z.int().nonnegative()),
  answers: z.int().positive(),
})
export type JointLabel = z.infer<typeof JointLabel>

type OfModality = { readonly protocol: Protocol; readonly modality: Modality }

/** Labels from the answers of readers, or of the reference. Severity is each one's own, direct or by the rule. */
export function labelsOfAnswers({ protocol, modality }: OfModality, answers: readonly Answer[]): JointLabel[] {
  const labels = new Map<string, JointLabel>()
  const add = (label: Omit<JointLabel, 'grades' | 'answers'>, grade: number | null): void => {
    const key = `${jointId(label.level, label.side)}/${label.feature}`
    const found = labels.get(key) ?? { ...label, grades: [], answers: 0 }
    found.answers += 1
    if (grade !== null) found.grades.push(grade)
    labels.set(key, found)
  }
  for (const own of Map.groupBy(answers, ({ by }) => by).values()) {
    for (const { cell, value } of own) {
      if (value.kind === 'graded') add(cell, value.grade)
      if (value.kind === 'not_assessable') add(cell, null)
    }
    if (scaleOf(protocol, modality, 'severity')) continue
    for (const { level, side, severity } of jointSeverities(protocol, modality, own)) {
      add({ level, side, feature: 'severity' }, severity.kind === 'exact' ? severity.grade : null)
    }
  }
  return [...labels.values()]
}

/**
 * Labels from the grades that were built into a phantom; what a modality does not show is no label. Severity is the
 * phantom's own, from all five built-in features, also where the modality asks fewer.
 *
 * @param everywhere  truth of the patient in every modality
 */
export function labelsOfTruth(
  { protocol, modality }: OfModality,
  everywhere: readonly (PhantomTruth & { modality: Modality })[],
): JointLabel[] {
  const own = everywhere.filter((truth) => truth.modality === modality && scaleOf(protocol, modality, truth.feature))
  const labels: JointLabel[] = own.map(({ level, side, feature, grade, visible }) => ({
    level,
    side,
    feature,
    grades: visible ? [grade] : [],
    answers: 1,
  }))
  const hidden = new Set<JointId>(own.filter(({ visible }) => !visible).map(({ level, side }) => jointId(level, side)))
  // The modality with the most features asked (CT or MR) tells the whole joint.
  const fullest = (['ct', 'mr', 'xray'] as const).find((one) => everywhere.some((truth) => truth.modality === one))
  if (!fullest) return labels
  const shown = new Set(own.map(({ level, side }) => jointId(level, side)))
  const cells = everywhere
    .filter((truth) => truth.modality === fullest)
    .map(({ level, side, feature, grade }) => ({
      cell: { level, side, feature },
      value: { kind: 'graded' as const, grade },
    }))
  for (const { level, side, severity } of jointSeverities(protocol, fullest, cells)) {
    const id = jointId(level, side)
    if (!shown.has(id)) continue
    const grades = severity.kind === 'exact' && !hidden.has(id) ? [severity.grade] : []
    labels.push({ level, side, feature: 'severity', grades, answers: 1 })
  }
  return labels
}
