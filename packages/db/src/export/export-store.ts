import { CellKey, CellValue } from '@facetgrade/grading/cell'
import { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { Modality } from '@facetgrade/grading/modality'
import { Part } from '@facetgrade/grading/part'
import { PredictionOutput } from '@facetgrade/grading/prediction'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

type Patients = { readonly studyId: string; readonly patientCodes: readonly string[] }

const isoInstant = z.date().transform((at) => at.toISOString())
const inPatient = { patientCode: z.string(), part: Part.nullable(), isWithdrawn: z.boolean() }
const inCase = { ...inPatient, modality: Modality }
const inReading = { ...inCase, round: z.string(), readerCode: z.string(), readerGroup: z.string() }
const inCell = { ...CellKey.shape, value: CellValue }

/** Takes the three key columns together into the cell that they name. */
function withCell<Row extends z.infer<typeof CellKey>>({ level, side, feature, ...row }: Row) {
  return { ...row, cell: { level, side, feature } }
}

/**
 * Events come as one JSON text per reading: the database driver takes apart 2,800 values instead of 2.5 million, which is
 * most of the time of an export of 140,000 rows.
 */
const EventJson = z
  .strictObject({
    ...inCell,
    sequence: z.int(),
    origin: z.string(),
    protocolVersion: z.int(),
    clientOffsetMs: z.int(),
    receivedAt: z.iso.datetime({ precision: 3 }),
    eventId: z.uuid(),
    hash: z.string(),
    previousHash: z.string(),
  })
  .transform(withCell)
const EventsRow = z.strictObject({ ...inReading, events: jsonArray(EventJson) })
const ReadingRow = z
  .strictObject({
    ...inReading,
    readingId: z.uuid(),
    protocolVersion: z.int(),
    document: LevelNumbering,
    openedAt: isoInstant,
    signedAt: isoInstant.nullable(),
    examUid: z.string(),
    shiftedDate: z.string().nullable(),
    sex: z.string().nullable(),
  })
  .transform(({ document, ...row }) => ({ ...row, lumbarVertebrae: document.lumbarVertebrae }))
const LatestRow = z.strictObject({
  readingId: z.uuid(),
  cells: jsonArray(z.strictObject(inCell).transform(withCell)),
})
const ConsensusRow = z
  .strictObject({
    ...inCase,
    ...inCell,
    round: z.string(),
    readerGroup: z.string(),
    version: z.int(),
    isInForce: z.boolean(),
    isComplete: z.boolean(),
    origin: z.string(),
    decidedAt: isoInstant,
  })
  .transform(withCell)
const ReferenceRow = z.strictObject({ ...inCase, ...inCell, referenceVersion: z.int() }).transform(withCell)
const OrderRow = z.strictObject({
  ...inReading,
  position: z.int(),
  seed: z.string(),
  algorithmVersion: z.string(),
  openedAt: isoInstant.nullable(),
  firstImageAt: isoInstant.nullable(),
  firstGradeAt: isoInstant.nullable(),
  signedAt: isoInstant.nullable(),
})
const PatientRow = z.strictObject({
  ...inPatient,
  withdrawalCode: z.string().nullable(),
  sex: z.string().nullable(),
  ageYears: z.int().nullable(),
  site: z.string().nullable(),
  clinical: z.record(z.string(), z.union([z.string(), z.number()])),
  imagedInPeriod: z.boolean().nullable(),
  lumbarVertebrae: z.string().nullable(),
  screeningDecision: z.string().nullable(),
  criterionCodes: z.array(z.string()),
  stratum: z.string().nullable(),
  splitOrigin: z.string().nullable(),
  allocatedAt: isoInstant.nullable(),
})
const ExamRow = z.strictObject({
  ...inCase,
  examUid: z.string(),
  shiftedDate: z.string().nullable(),
  series: z.int(),
  gradableSeries: z.int(),
  images: z.int(),
  scanner: z.string().nullable(),
  sliceThicknessMm: z.number().nullable(),
  isIndex: z.boolean(),
})
const PredictionRow = z
  .strictObject({
    ...inCase,
    ...CellKey.shape,
    modelHash: z.string(),
    preprocessingVersion: z.string(),
    inputHash: z.string(),
    isLatest: z.boolean(),
    output: PredictionOutput,
  })
  .transform(withCell)
const TruthRow = z
  .strictObject({
    ...inCase,
    ...CellKey.shape,
    grade: z.int(),
    isVisible: z.boolean(),
    cnr: z.number().nullable(),
  })
  .transform(withCell)
const CountRow = z.strictObject({
  part: Part.nullable(),
  patients: z.int(),
  readings: z.int(),
  signedReadings: z.int(),
  gradeEvents: z.int(),
  consensusCells: z.int(),
  referenceCells: z.int(),
})

/** A JSON text of the database, parsed as a list of these. */
function jsonArray<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.array(schema))
}

/** The page's patients with their part; every table joins to it, so that its order and its columns are the same. */
const page = ({ studyId, patientCodes }: Patients): Prisma.Sql => Prisma.sql`
  page AS (SELECT p.id, p."patientCode", part.part, p."withdrawnAt" IS NOT NULL AS "isWithdrawn", p.sex
    FROM "Patient" p LEFT JOIN "SplitAllocation" part ON part."patientId" = p.id
    WHERE p."studyId" = ${studyId}::uuid AND p."patientCode" = ANY (${[...patientCodes]}))`
/** Readings of the page, `r`, with their reader, in the order of the export. */
const READINGS = Prisma.sql`
  page JOIN "Reading" r ON r."patientId" = page.id
  JOIN "Assignment" a ON a.id = r."assignmentId"
  JOIN "Member" m ON m.id = r."memberId"`
const IN_READING = Prisma.sql`page."patientCode", page.part, page."isWithdrawn", r.modality, a.round, m."readerCode", m."readerGroup"`
const BY_READING = Prisma.sql`page."patientCode" COLLATE "C", r.modality, a.round, m."readerCode"`
const STANDING = Prisma.sql`(SELECT s."signedAt" FROM "Signature" s WHERE s."readingId" = r.id
  AND NOT EXISTS (SELECT FROM "Unlock" u WHERE u."signatureId" = s.id) ORDER BY s.ordinal DESC LIMIT 1)`

export function exportStore(wall: Wall) {
  return {
    async patientCodes(next: { studyId: string; after: string | null; take: number; includesTest: boolean }) {
      const { studyId, after, take, includesTest } = next
      const rows = await wall.$queryRaw<{ patientCode: string }[]>`
        SELECT p."patientCode" FROM "Patient" p
        WHERE p."studyId" = ${studyId}::uuid AND (${after}::text IS NULL OR p."patientCode" > ${after})
          AND (${includesTest} OR EXISTS (SELECT FROM "SplitAllocation" part
            WHERE part."patientId" = p.id AND part.part IN ('train', 'validation')))
        ORDER BY p."patientCode" LIMIT ${take}`
      return rows.map(({ patientCode }) => patientCode)
    },
    async countPatients({ studyId, includesTest }: { studyId: string; includesTest: boolean }) {
      const [row] = await wall.$queryRaw<{ n: number }[]>`
        SELECT count(*)::int AS n FROM "Patient" p WHERE p."studyId" = ${studyId}::uuid AND (${includesTest}
          OR EXISTS (SELECT FROM "SplitAllocation" part WHERE part."patientId" = p.id AND part.part IN ('train', 'validation')))`
      return row?.n ?? 0
    },
    async patients(of: Patients) {
      const rows = await wall.$queryRaw`
        WITH ${page(of)}
        SELECT page."patientCode", page.part, page."isWithdrawn", p."withdrawalCode", p.sex, p."ageYears", p.site, p.clinical,
          p."imagedInPeriod",
          (SELECT v.document ->> 'lumbarVertebrae' FROM "LevelNumbering" v WHERE v."patientId" = page.id
            ORDER BY v.version DESC LIMIT 1) AS "lumbarVertebrae", l.decision AS "screeningDecision", coalesce(l.codes, '{}') AS "criterionCodes",
          s.stratum, s.origin AS "splitOrigin", s."allocatedAt"
        FROM page JOIN "Patient" p ON p.id = page.id
        LEFT JOIN "SplitAllocation" s ON s."patientId" = page.id
        LEFT JOIN LATERAL (SELECT latest.decision,
            ARRAY(SELECT jsonb_array_elements_text(latest.criteria -> 'codes')) AS codes
          FROM "Screening" latest WHERE latest."patientId" = page.id ORDER BY latest."signedAt" DESC, latest.id DESC LIMIT 1) l ON true
        ORDER BY page."patientCode" COLLATE "C"`
      return z.array(PatientRow).parse(rows)
    },
    async exams(of: Patients) {
      const rows = await wall.$queryRaw`
        WITH ${page(of)}
        SELECT page."patientCode", page.part, page."isWithdrawn", x.modality, x."studyInstanceUid" AS "examUid", x."shiftedDate",
          (SELECT count(*) FROM "Series" s WHERE s."examId" = x.id)::int AS series,
          (SELECT count(*) FROM "Series" s WHERE s."examId" = x.id AND s.gradable)::int AS "gradableSeries",
          (SELECT count(*) FROM "Instance" i WHERE i."examId" = x.id)::int AS images,
          (SELECT mode() WITHIN GROUP (ORDER BY i.header ->> 'manufacturer') FROM "Instance" i
            WHERE i."examId" = x.id) AS scanner,
          (SELECT mode() WITHIN GROUP (ORDER BY (i.header -> 'frames' -> 0 ->> 'sliceThicknessMm')::float8)
            FROM "Instance" i WHERE i."examId" = x.id) AS "sliceThicknessMm",
          EXISTS (SELECT FROM "Assignment" a WHERE a."examId" = x.id) AS "isIndex"
        FROM page JOIN "Exam" x ON x."patientId" = page.id
        ORDER BY page."patientCode" COLLATE "C", x.modality, x."studyInstanceUid"`
      return z.array(ExamRow).parse(rows)
    },
    async gradeEvents(of: Patients) {
      const rows = await wall.$queryRaw`
        WITH ${page(of)}
        SELECT ${IN_READING}, history.events
        FROM ${READINGS} JOIN LATERAL (SELECT json_agg(json_build_object('level', e.level, 'side', e.side,
            'feature', e.feature, 'value', e.value, 'sequence', e.sequence, 'origin', e.origin,
            'protocolVersion', e."protocolVersion", 'clientOffsetMs', e."clientOffsetMs",
            'receivedAt', to_char(e."receivedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'eventId', e.id, 'hash', e.hash, 'previousHash', e."previousHash") ORDER BY e.sequence)::text AS events
          FROM "GradeEvent" e WHERE e."readingId" = r.id) history ON history.events IS NOT NULL
        ORDER BY ${BY_READING}`
      return z
        .array(EventsRow)
        .parse(rows)
        .flatMap(({ events, ...reading }) => events.map((event) => ({ ...reading, ...event })))
    },
    async readingCells(of: Patients) {
      const readings = z.array(ReadingRow).parse(
        await wall.$queryRaw`
          WITH ${page(of)}
          SELECT ${IN_READING}, r.id AS "readingId", r."protocolVersion", n.document, r."openedAt", ${STANDING} AS "signedAt",
            x."studyInstanceUid" AS "examUid", x."shiftedDate", page.sex
          FROM ${READINGS} JOIN "Exam" x ON x.id = a."examId" JOIN "LevelNumbering" n ON n."patientId" = page.id AND n.version = r."numberingVersion"
          ORDER BY ${BY_READING}`,
      )
      const latest = z.array(LatestRow).parse(
        await wall.$queryRaw`
          SELECT e."readingId", json_agg(json_build_object('level', e.level, 'side', e.side, 'feature', e.feature,
            'value', e.value))::text AS cells
          FROM (SELECT DISTINCT ON ("readingId", level, side, feature) "readingId", level, side, feature, value
            FROM "GradeEvent" WHERE "readingId" = ANY (${readings.map(({ readingId }) => readingId)}::uuid[])
            ORDER BY "readingId", level, side, feature, sequence DESC) e
          GROUP BY e."readingId"`,
      )
      const cells = new Map(latest.map((row) => [row.readingId, row.cells]))
      return readings.map(({ readingId, ...row }) => ({ ...row, cells: cells.get(readingId) ?? [] }))
    },
    async consensusCells(of: Patients) {
      const rows = await wall.$queryRaw`
        WITH ${page(of)}
        SELECT page."patientCode", page.part, page."isWithdrawn", c.modality, c.round, c."readerGroup", c.version,
          c."supersededAt" IS NULL AS "isInForce", c."completedAt" IS NOT NULL AS "isComplete",
          cell.level, cell.side, cell.feature, cell.value, cell.origin, cell."createdAt" AS "decidedAt"
        FROM page JOIN "Consensus" c ON c."patientId" = page.id JOIN "ConsensusCell" cell ON cell."consensusId" = c.id
        ORDER BY page."patientCode" COLLATE "C", c.modality, c.round, c."readerGroup", c.version, cell.level, cell.side, cell.feature`
      return z.array(ConsensusRow).parse(rows)
    },
    async referenceCells(of: Patients) {
      const rows = await wall.$queryRaw`
        WITH ${page(of)}
        SELECT page."patientCode", page.part, page."isWithdrawn", cell.modality, v.version AS "referenceVersion",
          cell.level, cell.side, cell.feature, cell.value
        FROM "ReferenceVersion" v CROSS JOIN page
        JOIN "ReferenceCell" cell ON cell."referenceId" = v.id AND cell."patientId" = page.id
        WHERE v."studyId" = ${of.studyId}::uuid
        ORDER BY page."patientCode" COLLATE "C", cell.modality, v.version, cell.level, cell.side, cell.feature`
      return z.array(ReferenceRow).parse(rows)
    },
    async order(of: Patients) {
      const rows = await wall.$queryRaw`
        WITH ${page(of)}
        SELECT page."patientCode", page.part, page."isWithdrawn", a.modality, a.round, m."readerCode", m."readerGroup",
          a.position, o.seed, o."algorithmVersion", r."openedAt", r."firstImageAt", r."firstGradeAt",
          ${STANDING} AS "signedAt"
        FROM page JOIN "Assignment" a ON a."patientId" = page.id
        JOIN "Member" m ON m.id = a."memberId"
        JOIN "ReadingOrder" o ON o."memberId" = a."memberId" AND o.round = a.round
        LEFT JOIN "Reading" r ON r."assignmentId" = a.id
        ORDER BY page."patientCode" COLLATE "C", a.modality, a.round, m."readerCode"`
      return z.array(OrderRow).parse(rows)
    },
    async predictions(of: Patients) {
      const rows = await wall.$queryRaw`
        WITH ${page(of)}
        SELECT page."patientCode", page.part, page."isWithdrawn", c.modality, c.level, c.side, c.feature, c."modelHash",
          c."preprocessingVersion", c."inputHash", c.output,
          NOT EXISTS (SELECT FROM "InferenceRecord" later WHERE later."studyId" = c."studyId"
            AND later."modelHash" = c."modelHash" AND later."examId" = c."examId" AND later.id > c."recordId") AS "isLatest"
        FROM page JOIN "Prediction" c ON c."patientId" = page.id
        ORDER BY page."patientCode" COLLATE "C", c.modality, c."modelHash", c."inputHash", c.level, c.side, c.feature`
      return z.array(PredictionRow).parse(rows)
    },
    async truth(of: Patients) {
      const rows = await wall.$queryRaw`
        WITH ${page(of)}
        SELECT page."patientCode", page.part, page."isWithdrawn", t.modality, t.level, t.side, t.feature, t.grade,
          t.visible AS "isVisible", t.cnr
        FROM page JOIN "PhantomTruth" t ON t."patientId" = page.id
        ORDER BY page."patientCode" COLLATE "C", t.modality, t.level, t.side, t.feature`
      return z.array(TruthRow).parse(rows)
    },
    async protocolVersions(studyId: string) {
      const rows = await wall.$queryRaw<{ version: number }[]>`
        SELECT DISTINCT "protocolVersion" AS version FROM "Reading" WHERE "studyId" = ${studyId}::uuid ORDER BY 1`
      return rows.map(({ version }) => version)
    },
    async readers(studyId: string) {
      const rows = await wall.member.findMany({
        where: { studyId, role: 'reader' },
        select: { readerCode: true, readerGroup: true },
        orderBy: { readerCode: 'asc' },
      })
      return rows.flatMap(({ readerCode: code, readerGroup: group }) => (code && group ? [{ code, group }] : []))
    },
    async asOf(studyId: string) {
      const [row] = (await wall.$queryRaw`
        SELECT greatest(
          (SELECT max("createdAt") FROM "Study" WHERE id = ${studyId}::uuid),
          (SELECT max("createdAt") FROM "ProtocolVersion" WHERE "studyId" = ${studyId}::uuid),
          (SELECT max(greatest("createdAt", "withdrawnAt")) FROM "Patient" WHERE "studyId" = ${studyId}::uuid),
          (SELECT max("allocatedAt") FROM "SplitAllocation" WHERE "studyId" = ${studyId}::uuid),
          (SELECT max(greatest("openedAt", "signedAt")) FROM "Reading" WHERE "studyId" = ${studyId}::uuid),
          (SELECT max("receivedAt") FROM "GradeEvent" WHERE "studyId" = ${studyId}::uuid),
          (SELECT max("unlockedAt") FROM "Unlock" WHERE "studyId" = ${studyId}::uuid),
          (SELECT max("derivedAt") FROM "ReferenceVersion" WHERE "studyId" = ${studyId}::uuid),
          (SELECT max("createdAt") FROM "Prediction" WHERE "studyId" = ${studyId}::uuid),
          (SELECT max("createdAt") FROM "Evaluation" WHERE "studyId" = ${studyId}::uuid)) AS "asOf"`) as unknown[]
      return z.object({ asOf: isoInstant }).parse(row).asOf
    },
    async blindingKey(studyId: string) {
      await wall.$executeRaw`INSERT INTO "BlindingKey" ("studyId", key)
        VALUES (${studyId}::uuid, replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')) ON CONFLICT DO NOTHING`
      return (await wall.blindingKey.findUniqueOrThrow({ where: { studyId } })).key
    },
    async counts(studyId: string) {
      const rows = await wall.$queryRaw`
        WITH member_of AS (SELECT p.id, part.part FROM "Patient" p LEFT JOIN "SplitAllocation" part ON part."patientId" = p.id
            WHERE p."studyId" = ${studyId}::uuid),
          readings AS (SELECT m.part, count(*) AS n, count(${STANDING}) AS signed
            FROM "Reading" r JOIN member_of m ON m.id = r."patientId" GROUP BY m.part),
          events AS (SELECT m.part, count(*) AS n FROM "GradeEvent" e JOIN member_of m ON m.id = e."patientId" GROUP BY m.part),
          consensus AS (SELECT m.part, count(*) AS n FROM "ConsensusCell" cell JOIN member_of m ON m.id = cell."patientId"
            JOIN "Consensus" c ON c.id = cell."consensusId" AND c."supersededAt" IS NULL GROUP BY m.part),
          reference AS (SELECT m.part, count(*) AS n FROM "ReferenceCell" cell JOIN member_of m ON m.id = cell."patientId"
            WHERE cell."referenceId" = (SELECT id FROM "ReferenceVersion" WHERE "studyId" = ${studyId}::uuid
              ORDER BY version DESC LIMIT 1) GROUP BY m.part),
          patients AS (SELECT part, count(*) AS n FROM member_of GROUP BY part)
        SELECT patients.part, patients.n::int AS patients, coalesce(readings.n, 0)::int AS readings,
          coalesce(readings.signed, 0)::int AS "signedReadings", coalesce(events.n, 0)::int AS "gradeEvents",
          coalesce(consensus.n, 0)::int AS "consensusCells", coalesce(reference.n, 0)::int AS "referenceCells"
        FROM patients
        LEFT JOIN readings ON readings.part IS NOT DISTINCT FROM patients.part
        LEFT JOIN events ON events.part IS NOT DISTINCT FROM patients.part
        LEFT JOIN consensus ON consensus.part IS NOT DISTINCT FROM patients.part
        LEFT JOIN reference ON reference.part IS NOT DISTINCT FROM patients.part
        ORDER BY array_position(ARRAY['train', 'validation', 'test'], patients.part)`
      return z.array(CountRow).parse(rows)
    },
  }
}
