/** What a grader said of a cell: a grade, or null where it could not be assessed. */
export type Grade = number | null
export type Pair = { rater: Grade; reference: Grade }

export type Expected = {
  n: number
  missing: number
  accuracy: number | null
  sensitivity: number | null
  specificity: number | null
  precision: number | null
  f1: number | null
  weighted_kappa: number | null
}

/**
 * The numbers of one comparator and feature from the grades alone, written from the definitions and sharing no code with
 * the product: counts of the four-fold table at the cut, and kappa with squared distances from the full table.
 */
export function expectedNumbers(pairs: readonly Pair[], { cut, levels }: { cut: number; levels: number }): Expected {
  const complete = pairs.flatMap(({ rater, reference }) =>
    rater === null || reference === null ? [] : [{ rater, reference }],
  )
  const count = (raterIsPositive: boolean, referenceIsPositive: boolean): number =>
    complete.filter((p) => p.rater >= cut === raterIsPositive && p.reference >= cut === referenceIsPositive).length
  const [tp, fp, fn, tn] = [count(true, true), count(true, false), count(false, true), count(false, false)]
  return {
    n: complete.length,
    missing: pairs.length - complete.length,
    accuracy: ratio(tp + tn, complete.length),
    sensitivity: ratio(tp, tp + fn),
    specificity: ratio(tn, tn + fp),
    precision: ratio(tp, tp + fp),
    f1: ratio(2 * tp, 2 * tp + fp + fn),
    weighted_kappa: quadraticKappa(complete, levels),
  }
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

function quadraticKappa(pairs: readonly { rater: number; reference: number }[], levels: number): number | null {
  const n = pairs.length
  const grades = Array.from({ length: levels }, (_, grade) => grade)
  let [observed, expected] = [0, 0]
  for (const i of grades) {
    for (const j of grades) {
      const weight = (i - j) ** 2
      const row = pairs.filter(({ rater }) => rater === i).length
      const column = pairs.filter(({ reference }) => reference === j).length
      observed += weight * pairs.filter(({ rater, reference }) => rater === i && reference === j).length
      expected += n === 0 ? 0 : (weight * row * column) / n
    }
  }
  return expected === 0 ? null : 1 - observed / expected
}
