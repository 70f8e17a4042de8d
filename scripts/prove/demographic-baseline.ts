import { createHash } from 'node:crypto'
import { jointId, LEVELS, SIDES } from '../../packages/grading/src/joint.ts'
import { jointSeverities } from '../../packages/grading/src/joint-severity.ts'
import { shippedProtocol } from '../../packages/inference/test/shipped-protocol.ts'
import { contextOf } from '../../packages/phantom/src/phantom-patient.ts'
import type { CellRow } from './held-out-rows.ts'

const OTHERS = 4000
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const protocol = shippedProtocol()

type Person = Pick<CellRow, 'level' | 'feature' | 'ageYears' | 'sex'>
const keyOf = ({ level, feature, ageYears, sex }: Person): string =>
  `${level}/${feature}/${Math.floor(ageYears / 5)}/${sex}`

/**
 * What level, age and sex alone tell: the grade whose cut-offs half of the phantoms like this one reach, from 4,000 other
 * phantoms at natural prevalence (no images are made of them), in bands of five years.
 */
export function demographicBaseline(): (person: Person) => number {
  const seen = new Map<string, number[]>()
  for (let index = 0; index < OTHERS; index += 1) {
    const { context, grades } = contextOf({ sha256, seed: 'baseline', index, size: 'compact', prevalence: 'natural' })
    const { ageYears, sex } = context.patient
    for (const level of LEVELS) {
      for (const side of SIDES) {
        const own = Object.entries(grades.get(jointId(level, side)) ?? {}) as ['narrowing', number][]
        const cells = own.map(([feature, grade]) => ({
          cell: { level, side, feature },
          value: { kind: 'graded' as const, grade },
        }))
        const [joint] = jointSeverities(protocol, 'ct', cells)
        const severity =
          joint?.severity.kind === 'exact'
            ? [['severity', joint.severity.grade] as const, ['severity-by-rule', joint.severity.grade] as const]
            : []
        for (const [feature, grade] of [...own, ...severity]) {
          const key = keyOf({ level, feature, ageYears, sex })
          const counts = seen.get(key) ?? [0, 0, 0, 0]
          counts[grade] = (counts[grade] ?? 0) + 1
          seen.set(key, counts)
        }
      }
    }
  }
  return (person) => {
    const counts = seen.get(keyOf(person)) ?? [1, 0, 0, 0]
    const total = counts.reduce((sum, one) => sum + one, 0)
    const reaching = (cut: number): number => counts.slice(cut).reduce((sum, one) => sum + one, 0) / total
    return [1, 2, 3].filter((cut) => reaching(cut) >= 0.5).length
  }
}
