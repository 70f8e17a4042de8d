import { Modality } from '@facetgrade/grading/modality'
import { PhantomTruth } from '@facetgrade/grading/phantom-truth'
import { z } from 'zod'
import type { Wall } from '../wall.ts'

const TruthRow = z.strictObject({ patientId: z.uuid(), modality: Modality, ...PhantomTruth.shape })
type TruthRow = z.infer<typeof TruthRow>
const Counts = z.object({ patients: z.int(), cells: z.int(), visible: z.int() })

export function phantomTruthStore(wall: Wall) {
  return {
    async ofPatients(patientIds: readonly string[]) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT "patientId", modality, level, side, feature, grade, visible, cnr FROM "PhantomTruth"
        WHERE "patientId" = ANY (${[...patientIds]}::uuid[])
        ORDER BY "patientId", modality, level, side, feature`
      return z.array(TruthRow).parse(rows)
    },
    async counts(studyId: string) {
      const [row] = await wall.$queryRaw<unknown[]>`
        SELECT count(DISTINCT "patientId")::int AS patients, count(*)::int AS cells,
          count(*) FILTER (WHERE visible)::int AS visible
        FROM "PhantomTruth" WHERE "studyId" = ${studyId}::uuid`
      return Counts.parse(row)
    },
    async add(studyId: string, cells: readonly TruthRow[]) {
      return wall.$executeRaw`
        INSERT INTO "PhantomTruth" ("studyId", "patientId", modality, level, side, feature, grade, visible, cnr)
        SELECT ${studyId}::uuid, c."patientId", c.modality, c.level, c.side, c.feature, c.grade, c.visible, c.cnr
        FROM jsonb_to_recordset(${JSON.stringify(cells)}::jsonb) AS c("patientId" uuid, modality text, level text,
          side text, feature text, grade int, visible boolean, cnr double precision)
        ON CONFLICT DO NOTHING`
    },
  }
}
