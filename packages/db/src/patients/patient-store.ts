import { z } from 'zod'
import type { Patient } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const Clinical = z.record(z.string(), z.union([z.string(), z.number()]))
type Facts = {
  sex: string | null
  ageYears: number | null
  site: string | null
  clinical: Readonly<Record<string, string | number>>
  birthDateHmac: string | null
  imagedInPeriod: boolean | null
}

const fromRow = ({ id, studyId: _studyId, ...row }: Patient) => ({
  ...row,
  patientId: id,
  clinical: Clinical.parse(row.clinical),
  createdAt: row.createdAt.toISOString(),
  withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
})

export function patientStore(wall: Wall) {
  return {
    async byCodes(studyId: string, codes: readonly string[]) {
      return (await wall.patient.findMany({ where: { studyId, patientCode: { in: [...codes] } } })).map(fromRow)
    },
    async find(patientId: string) {
      const row = await wall.patient.findUnique({ where: { id: patientId } })
      return row ? fromRow(row) : undefined
    },
    async list(page: { studyId: string; after: string | undefined; limit: number }) {
      const rows = await wall.patient.findMany({
        where: { studyId: page.studyId, ...(page.after === undefined ? {} : { id: { gt: page.after } }) },
        orderBy: { id: 'asc' },
        take: page.limit,
      })
      return rows.map(fromRow)
    },
    count: (studyId: string) => wall.patient.count({ where: { studyId } }),
    async create(studyId: string, patients: readonly (Facts & { patientCode: string })[]) {
      const { _max } = await wall.patient.aggregate({ where: { studyId }, _max: { enrolmentNumber: true } })
      const first = (_max.enrolmentNumber ?? 0) + 1
      const data = patients.map((patient, index) => ({ studyId, ...patient, enrolmentNumber: first + index }))
      return (await wall.patient.createManyAndReturn({ data })).map(fromRow)
    },
    async update(patientId: string, facts: Partial<Facts>) {
      await wall.patient.update({ where: { id: patientId }, data: facts })
    },
    async withdraw(patientId: string, by: { userId: string; code: string; reason: string }) {
      const changed = await wall.$executeRaw`UPDATE "Patient" SET "withdrawnAt" = now(), "withdrawnBy" = ${by.userId},
        "withdrawalCode" = ${by.code}, "withdrawalReason" = ${by.reason}
        WHERE id = ${patientId}::uuid AND "withdrawnAt" IS NULL`
      return changed === 1
    },
  }
}
