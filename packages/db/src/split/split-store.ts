import { Part } from '@facetgrade/grading/part'
import { PatientCode } from '@facetgrade/grading/patient-code'
import { SplitSeal } from '@facetgrade/grading/split-seal'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import { STANDING } from '../screening/screening-standing.ts'
import type { Wall } from '../wall.ts'

const AT_ONCE = 1000

const CandidateRow = z.strictObject({
  patientId: z.uuid(),
  patientCode: PatientCode,
  standing: z.enum(['eligible', 'not_screened', 'second_look_missing', 'excluded', 'withdrawn']),
  sex: z.string().nullable(),
  ageYears: z.int().nullable(),
  site: z.string().nullable(),
  clinical: z.record(z.string(), z.union([z.string(), z.number()])),
})

const iso = z.date().transform((at) => at.toISOString())
const SealRow = z.strictObject({
  document: SplitSeal,
  sealHash: z.string(),
  sealedBy: z.string(),
  sealedByName: z.string(),
  sealedAt: iso,
})
const AllocationRow = z.strictObject({
  patientId: z.uuid(),
  patientCode: PatientCode,
  part: Part,
  stratum: z.string(),
  origin: z.enum(['sealed', 'later']),
  allocatedAt: iso,
  isWithdrawn: z.boolean(),
})
type NewAllocation = { patientId: string; part: Part; stratum: string; origin: 'sealed' | 'later' }

export function splitStore(wall: Wall) {
  const candidates = async (where: Prisma.Sql) => {
    const rows = await wall.$queryRaw<unknown[]>`
      SELECT p.id AS "patientId", p."patientCode", p.sex, p."ageYears", p.site, p.clinical,
        CASE WHEN p."withdrawnAt" IS NOT NULL THEN 'withdrawn' WHEN l.standing = 'disagreement' THEN 'second_look_missing'
          ELSE coalesce(l.standing, 'not_screened') END AS standing
      FROM "Patient" p ${STANDING}
      WHERE ${where} ORDER BY p."patientCode"`
    return z.array(CandidateRow).parse(rows)
  }
  const lockNamed = async (name: string) => {
    await wall.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`
  }
  return {
    lock: (studyId: string) => lockNamed(`split/${studyId}`),
    /** The name that unsealing-store takes. */
    lockUnsealing: (studyId: string) => lockNamed(`unsealing/${studyId}`),

    async seed(studyId: string) {
      const row = await wall.splitSeed.findUnique({ where: { studyId } })
      return row ? { seed: row.seed, drawnBy: row.drawnBy, drawnAt: row.drawnAt.toISOString() } : undefined
    },

    async putSeed(studyId: string, seed: string, drawnBy: string) {
      const { count } = await wall.splitSeed.createMany({ data: [{ studyId, seed, drawnBy }], skipDuplicates: true })
      return count === 1
    },

    candidates: (studyId: string) => candidates(Prisma.sql`p."studyId" = ${studyId}::uuid`),

    async candidate(studyId: string, patientId: string) {
      const [found] = await candidates(Prisma.sql`p."studyId" = ${studyId}::uuid AND p.id = ${patientId}::uuid`)
      return found
    },

    async sealed(studyId: string) {
      const [row] = await wall.$queryRaw<unknown[]>`
        SELECT s.document, s."sealHash", s."sealedBy", coalesce(u.name, '') AS "sealedByName", s."sealedAt"
        FROM "SplitSeal" s LEFT JOIN "User" u ON u.id = s."sealedBy" WHERE s."studyId" = ${studyId}::uuid`
      return row === undefined ? undefined : SealRow.parse(row)
    },

    async seal(
      studyId: string,
      { document, sealHash, sealedBy }: { document: SplitSeal; sealHash: string; sealedBy: string },
    ) {
      const { seed, algorithmVersion, rosterHash } = document
      const { count } = await wall.splitSeal.createMany({
        data: [{ studyId, seed, algorithmVersion, rosterHash, sealHash, document, sealedBy }],
        skipDuplicates: true,
      })
      return count === 1
    },

    async allocate(studyId: string, allocations: readonly NewAllocation[]) {
      let written = 0
      for (let from = 0; from < allocations.length; from += AT_ONCE) {
        const data = allocations.slice(from, from + AT_ONCE).map((allocation) => ({ ...allocation, studyId }))
        written += (await wall.splitAllocation.createMany({ data, skipDuplicates: true })).count
      }
      return written
    },

    async allocations(studyId: string) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT a."patientId", p."patientCode", a.part, a.stratum, a.origin, a."allocatedAt",
          p."withdrawnAt" IS NOT NULL AS "isWithdrawn"
        FROM "SplitAllocation" a JOIN "Patient" p ON p.id = a."patientId"
        WHERE a."studyId" = ${studyId}::uuid ORDER BY p."patientCode"`
      return z.array(AllocationRow).parse(rows)
    },
  }
}
