export type ProportionCount = { readonly successes: number; readonly trials: number; readonly level: number }

/** @throws {RangeError} unless 0 <= successes <= trials, trials >= 1 and 0 < level < 1 */
export function assertCount(who: string, { successes, trials, level }: ProportionCount): void {
  if (!Number.isInteger(trials) || trials < 1) throw new RangeError(`${who}: ${trials} trials`)
  if (!Number.isInteger(successes) || successes < 0 || successes > trials) {
    throw new RangeError(`${who}: ${successes} successes in ${trials} trials`)
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`${who}: level ${level}`)
}
