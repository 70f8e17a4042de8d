import { beyondRounding } from '../inference.ts'
import { entryOf, type SquareMatrix } from '../matrix.ts'
import { deviance, mean } from '../sample-moments.ts'
import { type Contrast, contrast } from './contrast.ts'

export type ModelVersusPanel = {
  /** Mean over readers of reader less model. */
  readonly difference: number
  /** Variance of the readers' differences; null with one reader. */
  readonly msReader: number | null
  readonly variance: number
  readonly cov2: number
  /** Readers like these; null with one reader, or when the readers' differences do not vary and covary. */
  readonly randomReaders: Contrast | null
  /** These readers; null when the variance is not above 0. */
  readonly fixedReaders: Contrast | null
  /** Readers like these on these very patients. */
  readonly fixedCases: Contrast | null
}

/**
 * A model against a panel of J readers: psi_j = theta_j - theta_model; one-sample Obuchowski–Rockette on psi.
 * Random readers: den = MSR + max(J Cov2, 0), t = mean psi / sqrt(den / J), df = (J-1) (den / MSR)^2.
 * Fixed readers: SE = sqrt((mean diag P + (J-1) Cov2) / J), normal.
 *
 * @param readers  metric of each reader
 * @param covariance  model first, then the readers in order
 * @throws {RangeError} no reader, covariance of another size
 * @see Hillis (2007) s5.3; Hupse (2013); methods 2.6. Oracle: RJafroc 2.1.2 1T-RRRC, 1T-RRFC
 */
export function modelVersusPanel(
  metrics: { readonly model: number; readonly readers: readonly number[] },
  covariance: SquareMatrix,
  level: number,
): ModelVersusPanel {
  const { model, readers } = metrics
  const count = readers.length
  if (count === 0) throw new RangeError('modelVersusPanel: no readers')
  if (covariance.size !== count + 1) throw new RangeError(`modelVersusPanel: covariance of size ${covariance.size}`)
  const psi = readers.map((one) => one - model)
  const difference = mean(psi)
  const { variance, cov2 } = differenceCovariance(covariance, count)
  const msReader = count > 1 ? beyondRounding(deviance(psi) / (count - 1), 0) : null
  const fixed = beyondRounding((variance + (count - 1) * cov2) / count, 0)
  return {
    difference,
    msReader,
    variance,
    cov2,
    randomReaders: random({ difference, msReader, cov2, count, level }),
    fixedReaders: fixed > 0 ? contrast(difference, Math.sqrt(fixed), { df: null, level }) : null,
    fixedCases:
      msReader === null || msReader === 0
        ? null
        : contrast(difference, Math.sqrt(msReader / count), { df: count - 1, level }),
  }
}

type Panel = { difference: number; msReader: number | null; cov2: number; count: number; level: number }

function random({ difference, msReader, cov2, count, level }: Panel): Contrast | null {
  if (msReader === null) return null
  const denominator = beyondRounding(msReader + Math.max(count * cov2, 0), 0)
  if (!(denominator > 0)) return null
  const df = msReader === 0 ? Number.POSITIVE_INFINITY : (count - 1) * (denominator / msReader) ** 2
  return contrast(difference, Math.sqrt(denominator / count), { df, level })
}

/** Covariance of psi: C_jj' - C_jm - C_mj' + C_mm, averaged on and off the diagonal. */
function differenceCovariance(covariance: SquareMatrix, count: number): { variance: number; cov2: number } {
  let variance = 0
  let cov2 = 0
  for (let a = 1; a <= count; a++) {
    for (let b = 1; b <= count; b++) {
      const value =
        entryOf(covariance, a, b) - entryOf(covariance, a, 0) - entryOf(covariance, 0, b) + entryOf(covariance, 0, 0)
      if (a === b) variance += value / count
      else cov2 += value / (count * (count - 1))
    }
  }
  return { variance, cov2 }
}
