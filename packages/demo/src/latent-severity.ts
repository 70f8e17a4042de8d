import { normalCdf, normalQuantile } from '@facetgrade/evaluation/distribution/normal'
import type { Feature } from '@facetgrade/grading/feature'
import type { Draws } from '@facetgrade/phantom/draws'

/** Cut points of a standard normal between grades, lowest first; one fewer than there are grades. */
export type CutPoints = readonly number[]
export type FeatureCuts = Readonly<Record<Feature, CutPoints>>

/** Each grade keeps this much, so that a grade nobody has still has its place on the scale. */
const PRIOR_COUNT = 0.5

/** Cut points at which a standard normal has these shares of the grades. @param counts joints per grade, from 0 up */
export function cutPointsOf(counts: readonly number[]): CutPoints {
  const total = counts.reduce((sum, count) => sum + count + PRIOR_COUNT, 0)
  let below = 0
  return counts.slice(0, -1).map((count) => {
    below += count + PRIOR_COUNT
    return normalQuantile(below / total)
  })
}

export const gradeAt = (cuts: CutPoints, latent: number): number => cuts.filter((cut) => latent > cut).length

/** A latent severity that has this grade: standard normal, cut off at the grade's own limits. */
export function latentOf(draws: Draws, cuts: CutPoints, grade: number): number {
  const low = grade === 0 ? 0 : normalCdf(cuts[grade - 1] ?? Number.POSITIVE_INFINITY)
  const high = grade >= cuts.length ? 1 : normalCdf(cuts[grade] ?? Number.POSITIVE_INFINITY)
  return normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, draws.between(low, high))))
}
