import { createHash } from 'node:crypto'
import { randomStream } from '@facetgrade/grading/seeded-random'
import { isOutcomeCode } from '../outcome-codes.ts'
import { pseudonymise } from '../pseudonymise.ts'
import { createKeyFile, openStudyKey } from '../study-key.ts'
import { verify } from '../verify.ts'
import type { FuzzAnswer, FuzzOrder } from './fuzz-order.ts'
import { mutant } from './mutant.ts'
import { fuzzSeeds } from './seeds.ts'

/** Reads one hostile file after another, as an import would, and says what became of each. Its parent watches and kills. */
const LARGE_BYTES = 1024 * 1024
const key = openStudyKey(createKeyFile('2026-01-01T00:00:00Z'), 'fuzz')
const seeds = fuzzSeeds().files
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const say = (answer: FuzzAnswer) => process.send?.(answer)

async function readOne(seed: string, index: number): Promise<FuzzAnswer> {
  const bytes = mutant(seeds, randomStream(sha256, seed, String(index)))
  // What making the file left behind is not what reading it takes.
  if (bytes.length > LARGE_BYTES) globalThis.gc?.()
  const { length } = bytes
  say({ kind: 'begun', index, bytes: length })
  const started = performance.now()
  const outcome = await pseudonymise(bytes, key, { defaultIssuer: 'H', imagingPeriod: null })
  const ms = performance.now() - started
  if (outcome.outcome !== 'accepted') {
    const isCode = isOutcomeCode(outcome.code) && outcome.code !== 'UNEXPECTED'
    return { kind: 'answered', index, code: outcome.code, ms, fault: isCode ? null : `code ${outcome.code}` }
  }
  const checked = await verify(outcome.bytes, { keyFingerprint: key.fingerprint })
  const fault = checked.outcome === 'clean' ? null : 'accepted, and the server would refuse it'
  return { kind: 'answered', index, code: 'ACCEPTED', ms, fault }
}

async function readOn(order: FuzzOrder): Promise<void> {
  for (let index = order.from; ; index += order.step) {
    say(await readOne(order.seed, index))
    if (order.isSingle) return process.disconnect?.()
    // Messages leave between two files.
    await new Promise((next) => setImmediate(next))
  }
}

process.on('message', (order: FuzzOrder) => {
  void readOn(order)
})
say({ kind: 'ready' })
