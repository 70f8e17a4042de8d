import { randomInt } from 'node:crypto'
import { asSystemIn } from './behind-the-wall.ts'
import type { TestDatabase } from './postgres-fixture.ts'
import type { World } from './study-world.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
type Looks = readonly ('eligible' | 'excluded')[]
const BOTH: Looks = ['eligible', 'eligible']

/** Patients without images, each with the looks named: first, second. */
export async function screenedPatients(
  db: TestDatabase['db'],
  world: World,
  count: number,
  looks: Looks = BOTH,
): Promise<string[]> {
  const { studyId } = world
  return asSystemIn(db, world, async (wall) => {
    const known = await wall.patient.count({ where: { studyId } })
    const patients = Array.from({ length: count }, (_, index) => ({
      id: crypto.randomUUID(),
      studyId,
      patientCode: `P${Array.from({ length: 10 }, () => CROCKFORD[randomInt(32)]).join('')}`,
      enrolmentNumber: known + index + 1,
      sex: index % 2 === 0 ? 'F' : 'M',
      ageYears: 30 + (index % 50),
      site: index % 3 === 0 ? 'A' : 'B',
    }))
    await wall.patient.createMany({ data: patients })
    for (const [index, decision] of looks.entries()) {
      await wall.screening.createMany({
        data: patients.map(({ id }) => ({
          studyId,
          patientId: id,
          look: index === 0 ? 'first' : 'second',
          decision,
          criteria: {},
          protocolVersion: 1,
          signedBy: 'test',
          signedAt: new Date(Date.UTC(2026, 0, 1 + index)),
        })),
      })
    }
    return patients.map(({ id }) => id)
  })
}
