import type { JointPoint } from '@facetgrade/grading/points'
import {
  type ExamImages,
  type ExamSeries,
  geometricCoverage,
  gradableSeries,
  LEAST_COVERAGE,
  weightingOf,
} from './exam-volumes.ts'
import { localiserSeries } from './localiser-slab.ts'
import { GROUPS, PREPROCESSING } from './preprocessing.ts'

/** Images that crops at these points will be cut from, for those who fetch many at once. Another is fetched when asked for. */
export function neededInstances(images: ExamImages, points: readonly JointPoint[]): Set<string> {
  if (images.modality === 'xray') return new Set(points.flatMap((point) => (point.kind === 'image' ? [point.sop] : [])))
  const fine = gradableSeries(images)
  const used = new Set<ExamSeries>(localiserSeries(images))
  const box = PREPROCESSING.crop.seen.columns * PREPROCESSING.crop.inPlaneMm
  for (const point of points) {
    if (point.kind !== 'lps') continue
    const holds = (one: ExamSeries): boolean => geometricCoverage(one.stack, point.mm, box) >= LEAST_COVERAGE
    const wanted =
      images.modality === 'ct' ? [fine] : GROUPS.mr.map((group) => fine.filter((one) => weightingOf(one) === group))
    for (const series of wanted) {
      const first = series.find(holds)
      if (first) used.add(first)
    }
  }
  const sops = [...used].flatMap(({ stack }) => stack.frames.map(({ sopInstanceUid }) => sopInstanceUid))
  // The first image of every stack names its frame of reference.
  return new Set([...sops, ...fine.flatMap(({ stack }) => stack.frames[0]?.sopInstanceUid ?? [])])
}
