import type { ExportLabel } from './export-patient.ts'
import { EXPORTED_FEATURES } from './training-export-manifest.ts'

export type LabelRow = {
  /** features × cut-offs: mean over the graders of whether the grade reaches the cut-off. */
  readonly labels: Float32Array
  /** Share of those who answered that gave a grade; 0 where nobody did. */
  readonly mask: Float32Array
  /** Number of cut-offs whose mean is at least .5; −1 where the mask is 0. */
  readonly truth: number[]
}

/** Label arrays of one joint. The mean of cumulative indicators keeps the graders' disagreement. */
export function labelRow(labels: readonly ExportLabel[], cutOffs: number): LabelRow {
  const indicators = new Float32Array(EXPORTED_FEATURES.length * cutOffs)
  const mask = new Float32Array(EXPORTED_FEATURES.length)
  const truth = EXPORTED_FEATURES.map(() => -1)
  for (const { feature, grades, answers } of labels) {
    const column = EXPORTED_FEATURES.indexOf(feature)
    if (grades.length === 0) continue
    mask[column] = grades.length / answers
    let reached = 0
    for (let cut = 1; cut <= cutOffs; cut += 1) {
      const mean = grades.filter((grade) => grade >= cut).length / grades.length
      indicators[column * cutOffs + cut - 1] = mean
      if (mean >= 0.5) reached += 1
    }
    truth[column] = reached
  }
  return { labels: indicators, mask, truth }
}
