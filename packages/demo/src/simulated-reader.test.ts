import { createHash } from 'node:crypto'
import { agreementWeights } from '@facetgrade/evaluation/agreement/agreement-weights'
import { ratingTable } from '@facetgrade/evaluation/agreement/rating-table'
import { weightedKappa } from '@facetgrade/evaluation/agreement/weighted-kappa'
import { LEVELS, SIDES } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import { drawsOf } from '@facetgrade/phantom/draws'
import { expect, test } from 'vitest'
import { characterOf, PUBLISHED_AGREEMENT, type ReaderCharacter } from './published-agreement.ts'
import { type CaseTruth, cutsOf, simulatedReader } from './simulated-reader.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const PHANTOMS = 1200
/** A clinic's CT, planning figures of domain 3.2. */
const MARGINALS = [0.32, 0.4, 0.2, 0.08]
const TOLERANCE = 0.02
const [SENIOR, JUNIOR_UP, JUNIOR_DOWN] = [characterOf('senior', 0), characterOf('junior', 0), characterOf('junior', 1)]

const phantoms = Array.from({ length: PHANTOMS }, (_, index): CaseTruth => {
  const draws = drawsOf(sha256, 'agreement', `phantom ${index}`)
  return LEVELS.flatMap((level) =>
    SIDES.map((side) => {
      const at = draws.between(0, 1)
      const grade = [0.32, 0.72, 0.92].filter((limit) => at > limit).length
      return { level, side, feature: 'narrowing' as const, grade, visible: true, cnr: 9 }
    }),
  )
})
const cuts = cutsOf(phantoms)

/** Grade by grade what a reader answers; null where the joint is not assessable. */
function gradesOf(modality: Modality, readerCode: string, character: ReaderCharacter): (number | null)[] {
  return phantoms.flatMap((truth, index) => {
    const read = { sha256, seed: 'agreement', phantom: `p${index}`, modality, readerCode, character, truth, cuts }
    const answer = simulatedReader(read)
    return truth.map(({ level, side, feature }) => {
      const given = answer({ level, side, feature })
      return given.kind === 'graded' ? given.grade : null
    })
  })
}

function agreement(first: readonly (number | null)[], second: readonly (number | null)[]) {
  const pairs = first.flatMap((a, index) => {
    const b = second[index] ?? null
    return a === null || b === null ? [] : [[a, b] as const]
  })
  const table = ratingTable(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
    4,
  )
  const kappa = (scheme: 'linear' | 'quadratic'): number => {
    const found = weightedKappa(table, agreementWeights(scheme, 4))
    return typeof found === 'string' ? Number.NaN : found.estimate
  }
  const share = (within: number) => pairs.filter(([a, b]) => Math.abs(a - b) <= within).length / pairs.length
  return { linearKappa: kappa('linear'), quadraticKappa: kappa('quadratic'), exact: share(0), withinOne: share(1) }
}

test.each(PUBLISHED_AGREEMENT)('two senior readers agree on $modality as published', ({ modality, ...published }) => {
  const found = agreement(gradesOf(modality, 'S1', SENIOR), gradesOf(modality, 'S2', SENIOR))
  const shown = Object.entries(found).map(([name, value]) => `${name} ${value.toFixed(3)}`)
  process.stdout.write(`simulated seniors, ${modality}, ${PHANTOMS * 10} joints: ${shown.join(', ')}\n`)
  for (const [name, value] of Object.entries(published)) {
    expect([name, found[name as keyof typeof found]]).toEqual([name, expect.closeTo(value, 1)])
    expect(Math.abs(found[name as keyof typeof found] - value)).toBeLessThanOrEqual(TOLERANCE)
  }
})

test('juniors agree less than seniors, in every modality', () => {
  for (const modality of ['ct', 'mr', 'xray'] as const) {
    const seniors = agreement(gradesOf(modality, 'S1', SENIOR), gradesOf(modality, 'S2', SENIOR))
    const juniors = agreement(gradesOf(modality, 'J1', JUNIOR_UP), gradesOf(modality, 'J2', JUNIOR_DOWN))
    expect(juniors.linearKappa).toBeLessThan(seniors.linearKappa - 0.08)
  }
})

test('an X-ray reader is far from the joint itself, however much two X-ray readers agree', () => {
  const truth = phantoms.flatMap((phantom) => phantom.map(({ grade }) => grade))
  const [ct, xray] = (['ct', 'xray'] as const).map((modality) => agreement(gradesOf(modality, 'S1', SENIOR), truth))
  expect(ct?.quadraticKappa).toBeCloseTo(0.83, 1)
  // Realistic target of domain 6: X-ray against CT truth .3 to .45.
  expect(xray?.quadraticKappa).toBeGreaterThan(0.3)
  expect(xray?.quadraticKappa).toBeLessThan(0.46)
})

test('noise alone lets no one grade higher: the marginals stay', () => {
  const grades = gradesOf('mr', 'S1', SENIOR)
  MARGINALS.forEach((share, grade) => {
    expect(grades.filter((given) => given === grade).length / grades.length).toBeCloseTo(share, 1)
  })
})

test('what does not show is called so now and then, and read as absent otherwise', () => {
  const truth: CaseTruth = (phantoms[0] ?? []).map((cell) => ({ ...cell, grade: 3, visible: false, cnr: 0.2 }))
  const answers = Array.from({ length: 40 }, (_, index) => {
    const answer = simulatedReader({
      sha256,
      seed: 'hidden',
      phantom: `p${index}`,
      modality: 'ct',
      readerCode: 'S1',
      character: SENIOR,
      truth,
      cuts,
    })
    return truth.map((cell) => answer({ level: cell.level, side: cell.side, feature: 'narrowing' }))
  }).flat()
  const share = (holds: (answer: (typeof answers)[number]) => boolean) => answers.filter(holds).length / answers.length
  expect(share((answer) => answer.kind === 'not_assessable' && answer.reason.code === 'not_visible')).toBeCloseTo(
    0.35,
    1,
  )
  expect(share((answer) => answer.kind === 'graded' && answer.grade >= 2)).toBeLessThan(0.02)
})

test('on X-ray what does not show is graded all the same, and far from the joint', () => {
  const hidden = phantoms.map((phantom) => phantom.map((cell) => ({ ...cell, visible: false })))
  const given = hidden.flatMap((truth, index) => {
    const read = {
      sha256,
      seed: 'xray',
      phantom: `p${index}`,
      modality: 'xray' as const,
      readerCode: 'S1',
      truth,
      cuts,
    }
    const answer = simulatedReader({ ...read, character: SENIOR })
    return truth.map(({ level, side, feature }) => {
      const value = answer({ level, side, feature })
      return value.kind === 'graded' ? value.grade : null
    })
  })
  expect(given.filter((grade) => grade === null).length / given.length).toBeCloseTo(0.08, 1)
  const { quadraticKappa } = agreement(
    given,
    hidden.flatMap((phantom) => phantom.map(({ grade }) => grade)),
  )
  expect(quadraticKappa).toBeGreaterThan(0.3)
  expect(quadraticKappa).toBeLessThan(0.46)
})

test('the same seed reads the same, cell by cell and in any order', () => {
  const truth = phantoms[0] ?? []
  const read = { sha256, seed: 's', phantom: 'p', modality: 'ct' as const, readerCode: 'J1', truth, cuts }
  const [forwards, backwards] = [truth, truth.toReversed()].map((cells) => {
    const answer = simulatedReader({ ...read, character: JUNIOR_UP })
    return new Map(cells.map(({ level, side }) => [`${level}-${side}`, answer({ level, side, feature: 'narrowing' })]))
  })
  expect(forwards).toEqual(backwards)
})
