import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Named in every result that rests on it, with the seed. */
export const GENERATOR = 'xoroshiro128plus/jump-per-replicate'

/**
 * Seeded draws of K patients with replacement, as how often each patient was drawn. Every replicate has its own stream (a
 * jump of the generator), so replicate b is the same whichever worker draws it.
 *
 * @param range  replicates `from` up to `to` less one
 * @yields the same array each time: read it before the next draw
 * @throws {RangeError} no patients, seed no 32-bit whole number
 */
export function* clusterDraws(
  seed: number,
  clusters: number,
  range: { readonly from: number; readonly to: number },
): Generator<Int32Array> {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) throw new RangeError(`clusterDraws: seed ${seed}`)
  if (!Number.isInteger(clusters) || clusters < 1) throw new RangeError(`clusterDraws: ${clusters} patients`)
  const streams = xoroshiro128plus(seed)
  for (let b = 0; b < range.from; b++) streams.jump()
  const drawn = new Int32Array(clusters)
  for (let b = range.from; b < range.to; b++) {
    const stream = streams.clone()
    drawn.fill(0)
    for (let k = 0; k < clusters; k++) {
      const patient = uniformInt(stream, 0, clusters - 1)
      drawn[patient] = (drawn[patient] as number) + 1
    }
    yield drawn
    streams.jump()
  }
}
