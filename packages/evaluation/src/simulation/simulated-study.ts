import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { type Clusters, clustersOf } from '../cluster/clusters.ts'

/** A reader study made up from latent severities: joints of a patient are alike, and so are a reader's errors on them. */
export type SimulatedStudy = {
  readonly clusters: Clusters
  /** Grades 0 to 3. */
  readonly truth: Int8Array
  readonly rated: Int8Array
  /** Continuous score of a model. */
  readonly score: Float64Array
}

export type SimulationSettings = {
  readonly patients: number
  readonly jointsPerPatient: number
  /** Share of the variance that joints of one patient have in common, in severity and in error alike. */
  readonly shared: number
  /** Standard deviation of the reader's and the model's error, severity having 1. */
  readonly error: number
}

/** Cuts of a standard normal severity: 45 %, 25 %, 18 % and 12 % of the joints have grade 0 to 3. */
const CUTS = [-0.1257, 0.5244, 1.175] as const

/** The same seed gives the same study. @throws {RangeError} shared outside [0, 1], no patients or joints */
export function simulatedStudy(seed: number, settings: SimulationSettings): SimulatedStudy {
  const { patients, jointsPerPatient, shared, error } = settings
  if (!(shared >= 0 && shared <= 1) || patients < 1 || jointsPerPatient < 1)
    throw new RangeError('simulatedStudy: settings')
  const normal = normals(seed)
  const n = patients * jointsPerPatient
  const study = { truth: new Int8Array(n), rated: new Int8Array(n), score: new Float64Array(n) }
  const [common, own] = [Math.sqrt(shared), Math.sqrt(1 - shared)]
  for (let k = 0, i = 0; k < patients; k++) {
    const [severity, ofReader, ofModel] = [normal(), normal(), normal()]
    for (let j = 0; j < jointsPerPatient; j++, i++) {
      const latent = common * severity + own * normal()
      study.truth[i] = gradeOfLatent(latent)
      study.rated[i] = gradeOfLatent(latent + error * (common * ofReader + own * normal()))
      study.score[i] = latent + error * (common * ofModel + own * normal())
    }
  }
  return { ...study, clusters: clustersOf(Array.from({ length: n }, (_, i) => Math.floor(i / jointsPerPatient))) }
}

/** Grade 0 to 3 of a latent severity. */
export function gradeOfLatent(latent: number): number {
  return CUTS.filter((cut) => latent > cut).length
}

/** Standard normal numbers by Box and Muller's transform. */
export function normals(seed: number): () => number {
  const generator = xoroshiro128plus(scattered(seed))
  let spare: number | null = null
  return () => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(generator)))
    const angle = 2 * Math.PI * uniformFloat64(generator)
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

/** Neighbouring seeds far apart: the generator's first values follow its seed closely. Murmur3's finaliser. */
function scattered(seed: number): number {
  let hash = seed | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
