/** Binary outcome and one covariate; `withSlope` false holds the slope at 1: the covariate is an offset. */
export type LogisticData = {
  readonly truth: ArrayLike<number>
  readonly covariate: Float64Array
  readonly withSlope: boolean
}

/**
 * Where to start and when to stop. `exact` goes on until the steps vanish, and is what we report. The other two stop a few
 * digits earlier, as their tools do: R's glm starts from the data and takes its errors from the weights before the last
 * step; rms starts from the prevalence and takes one step more after a gain of .025 or less.
 */
export type StoppingRule = 'exact' | 'glm' | 'rms'

/** Upper triangle of a symmetric 2 × 2 matrix. */
type Symmetric = readonly [number, number, number]
type Point = readonly [intercept: number, slope: number]

export type LogisticFit = {
  readonly at: Point
  /** Inverse of the information: variances and covariance of intercept and slope. */
  readonly inverse: Symmetric
}

/**
 * Logistic regression on one covariate by Newton's method.
 *
 * @returns null on separation or a constant covariate: there is nothing to converge to
 * @see McCullagh & Nelder (1989) ch. 2, 4. Oracle: R 4.2.2 glm(binomial), rms lrm.fit
 */
export function fitLogistic(data: LogisticData, rule: StoppingRule): LogisticFit | null {
  let { working, deviance } = start(data, rule)
  let gainBefore = Number.POSITIVE_INFINITY
  for (let step = 0; step < 50; step++) {
    const inverse = invert(data, working.information)
    if (inverse === null) return null
    const at = solve(data, working, inverse)
    if (!(Math.abs(at[0]) < 1e3 && Math.abs(at[1]) < 1e3)) return null
    const next = workingAt(data, at)
    const now = logisticDeviance(data, at)
    const gain = Math.abs(deviance - now)
    if (isDone(rule, { gain, gainBefore, now, moved: distance(at, working.from) })) {
      const own = rule === 'glm' ? inverse : invert(data, next.information)
      return own === null ? null : { at, inverse: own }
    }
    working = next
    deviance = now
    gainBefore = gain
  }
  return null
}

/** Deviance, -2 log likelihood, of an intercept and a slope. */
export function logisticDeviance({ truth, covariate }: LogisticData, [a, b]: Point): number {
  let total = 0
  for (let i = 0; i < covariate.length; i++) {
    const eta = a + b * (covariate[i] as number)
    total += 2 * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta))) - (truth[i] as number) * eta)
  }
  return total
}

export function expit(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))
}

/** Weighted least squares in waiting: X'WX and X'Wz of the working response at some linear predictor. */
type Working = {
  readonly from: Point | null
  readonly information: Symmetric
  readonly response: readonly [number, number]
}

function start(data: LogisticData, rule: StoppingRule): { working: Working; deviance: number } {
  const { truth, covariate } = data
  if (rule === 'glm') {
    // R: fitted values start at (y + 1/2) / 2.
    const logits = Float64Array.from(covariate, (_, i) => (truth[i] === 1 ? Math.log(3) : -Math.log(3)))
    return {
      working: accumulate(data, (i) => logits[i] as number, null),
      deviance: 2 * covariate.length * Math.log(4 / 3),
    }
  }
  let positives = 0
  for (let i = 0; i < covariate.length; i++) positives += truth[i] as number
  const at: Point = [Math.log(positives / (covariate.length - positives)), 0]
  const from: Point = data.withSlope ? at : [0, 1]
  return { working: workingAt(data, from), deviance: logisticDeviance(data, from) }
}

function workingAt(data: LogisticData, at: Point): Working {
  return accumulate(data, (i) => at[0] + at[1] * (data.covariate[i] as number), at)
}

function accumulate(
  { truth, covariate, withSlope }: LogisticData,
  etaOf: (i: number) => number,
  from: Point | null,
): Working {
  const information: [number, number, number] = [0, 0, 0]
  const response: [number, number] = [0, 0]
  for (let i = 0; i < covariate.length; i++) {
    const x = covariate[i] as number
    const eta = etaOf(i)
    const p = expit(eta)
    const weight = p * (1 - p)
    // An offset is taken off the working response; what is left is explained by the intercept.
    const z = weight * (eta - (withSlope ? 0 : x)) + (truth[i] as number) - p
    information[0] += weight
    information[1] += weight * x
    information[2] += weight * x * x
    response[0] += z
    response[1] += z * x
  }
  return { from, information, response }
}

function solve(data: LogisticData, { response }: Working, inverse: Symmetric): Point {
  const intercept = inverse[0] * response[0] + inverse[1] * response[1]
  return [intercept, data.withSlope ? inverse[1] * response[0] + inverse[2] * response[1] : 1]
}

type Progress = { readonly gain: number; readonly gainBefore: number; readonly now: number; readonly moved: number }

function isDone(rule: StoppingRule, { gain, gainBefore, now, moved }: Progress): boolean {
  switch (rule) {
    case 'exact':
      return moved < 1e-11
    case 'glm':
      return gain / (Math.abs(now) + 0.1) < 1e-8
    case 'rms':
      return gainBefore <= 0.025
  }
}

function distance(at: Point, from: Point | null): number {
  return from === null ? Number.POSITIVE_INFINITY : Math.abs(at[0] - from[0]) + Math.abs(at[1] - from[1])
}

/** Inverse of the information; of its first entry alone when the slope is held. Null when singular. */
function invert({ withSlope }: LogisticData, [aa, ab, bb]: Symmetric): Symmetric | null {
  if (!withSlope) return aa > 1e-12 ? [1 / aa, 0, 0] : null
  const determinant = aa * bb - ab * ab
  return determinant > 1e-12 * aa * bb ? [bb / determinant, -ab / determinant, aa / determinant] : null
}
