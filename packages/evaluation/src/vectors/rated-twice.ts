import { agreementWeights, type WeightScheme } from '../agreement/agreement-weights.ts'
import { type RatingTable, ratingTable } from '../agreement/rating-table.ts'
import { kappaStandardErrors, weightedKappa } from '../agreement/weighted-kappa.ts'
import { type EntryContext, matrixOf, numbersOf, onLevels } from './vector-input.ts'

type Input = EntryContext['input']

/** Two raters as grades on the declared scale; of a table, the pairs that it counts. */
export function twoRaters(input: Input): { first: number[]; second: number[]; size: number } {
  if (input['m'] === undefined && input['t'] === undefined) {
    const levels = numbersOf(input, 'levels')
    const [first, second] = [onLevels(numbersOf(input, 'r1'), levels), onLevels(numbersOf(input, 'r2'), levels)]
    return { first, second, size: levels.length }
  }
  const table = matrixOf(input, input['m'] === undefined ? 't' : 'm')
  const first: number[] = []
  const second: number[] = []
  table.forEach((row, i) =>
    row.forEach((count, j) => {
      for (let k = 0; k < count; k++) {
        first.push(i)
        second.push(j)
      }
    }),
  )
  return { first, second, size: table.length }
}

/** Their table. */
export const tableOf = (input: Input): RatingTable => {
  const { first, second, size } = twoRaters(input)
  return ratingTable(first, second, size)
}

/** Kappa with both standard errors; null where it is not defined. */
export function kappaOf(
  input: Input,
  scheme: WeightScheme,
): { kappa: number; nonNull: number; underNull: number } | null {
  const table = tableOf(input)
  const weights = agreementWeights(scheme, table.size)
  const kappa = weightedKappa(table, weights)
  if (typeof kappa === 'string') return null
  return { kappa: kappa.estimate, ...kappaStandardErrors(table, weights, kappa) }
}
