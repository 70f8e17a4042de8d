import { fQuantile } from '@facetgrade/evaluation/distribution/f-ratio'
import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'

type Point = NonNullable<EvaluationDocument['roc'][number]['at']>
const STEPS = 72

/**
 * Outline of the confidence region of both rates of a call, (1 - specificity, sensitivity): the ellipse of Hotelling's T2
 * with `df` = patients less one, T2 = 2 df/(df - 1) F(level; 2, df - 1), cut at the unit square.
 *
 * @returns undefined where the covariance is no proper one (a rate without variation) or there are too few patients
 */
export function confidenceRegion(at: Point, level: number): [x: number, y: number][] | undefined {
  const { varianceFalsePositiveRate: a, varianceSensitivity: c, covariance: b, df } = at
  const determinant = a * c - b * b
  if (df < 2 || !(a > 0 && c > 0 && determinant > 0)) return undefined
  const radius = Math.sqrt(((2 * df) / (df - 1)) * fQuantile(level, 2, df - 1))
  // Cholesky factor of the covariance: a circle of that radius becomes the ellipse.
  const l11 = Math.sqrt(a)
  const l21 = b / l11
  const l22 = Math.sqrt(c - l21 * l21)
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const angle = (2 * Math.PI * i) / STEPS
    const [u, v] = [radius * Math.cos(angle), radius * Math.sin(angle)]
    return [clamp(at.falsePositiveRate + l11 * u), clamp(at.sensitivity + l21 * u + l22 * v)]
  })
}

const clamp = (value: number): number => Math.min(Math.max(value, 0), 1)
