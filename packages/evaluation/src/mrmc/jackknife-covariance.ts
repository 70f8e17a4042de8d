import { type SquareMatrix, symmetricMatrix } from '../matrix.ts'
import { mean } from '../sample-moments.ts'

/**
 * Jackknife covariance of several estimates: (K-1)/K sum_k (t_(-k) - mean)(t_(-k) - mean)^T, where t_(-k) is the estimate
 * without patient k and all joints of that patient. Works for any metric.
 *
 * @param leftOut  per estimate, its values with each patient left out in turn
 * @throws {RangeError} fewer than two patients, lengths differ
 * @see methods 2.6. Oracle: MRMCaov 0.3.0 cov = "jackknife"
 */
export function jackknifeCovariance(leftOut: readonly Float64Array[]): SquareMatrix {
  const patients = leftOut[0]?.length ?? 0
  if (patients < 2) throw new RangeError(`jackknifeCovariance: ${patients} patients`)
  const means = leftOut.map((values) => {
    if (values.length !== patients) throw new RangeError('jackknifeCovariance: lengths differ')
    return mean(values)
  })
  return symmetricMatrix(leftOut.length, (a, b) => {
    const one = leftOut[a] as Float64Array
    const two = leftOut[b] as Float64Array
    let total = 0
    for (let k = 0; k < patients; k++)
      total += ((one[k] as number) - (means[a] as number)) * ((two[k] as number) - (means[b] as number))
    return ((patients - 1) / patients) * total
  })
}
