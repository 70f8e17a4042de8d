import gammaln from '@stdlib/math-base-special-gammaln'

/** Poisson(mean) mixture of `term(j)`, terms in [0, 1], summed outward from the mode until what is left is below 1e-16. */
export function sumPoissonMixture(mean: number, term: (j: number) => number): number {
  if (mean === 0) return term(0)
  const mode = Math.floor(mean)
  const weight = (j: number): number => Math.exp(-mean + j * Math.log(mean) - gammaln(j + 1))
  let total = 0
  for (let j = mode; j >= 0; j--) {
    const w = weight(j)
    total += w * term(j)
    if (w < 1e-18) break
  }
  for (let j = mode + 1; ; j++) {
    const w = weight(j)
    total += w * term(j)
    if (w < 1e-18) break
  }
  return Math.min(1, total)
}

export function assertNoncentral(noncentrality: number): void {
  if (!(noncentrality >= 0 && noncentrality < Infinity)) throw new RangeError(`noncentrality ${noncentrality}`)
}
