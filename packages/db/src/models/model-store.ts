import { Modality } from '@facetgrade/grading/modality'
import { ModelKind, ModelProblem } from '@facetgrade/grading/model-problem'
import { z } from 'zod'
import type { Json } from '../audit.ts'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const State = z.enum(['registered', 'refused'])

const Row = z.strictObject({
  modelId: z.uuid(),
  slug: z.string().nullable(),
  title: z.string().nullable(),
  kind: ModelKind.nullable(),
  modalities: z.array(Modality),
  hash: z.string(),
  state: State,
  problems: z.array(ModelProblem),
  isSyntheticOnly: z.boolean(),
  isOtherData: z.boolean(),
  preprocessingVersion: z.string().nullable(),
  registeredByName: z.string(),
  registeredAt: z.date().transform((at) => at.toISOString()),
})
const SeenRow = z.strictObject({
  part: z.enum(['train', 'validation', 'test', 'unallocated']),
  patients: z.int(),
})

type Network = { role: string; modality: Modality; sha256: string; bytes: number }
type NewModel = {
  readonly studyId: string
  readonly hash: string
  readonly state: z.infer<typeof State>
  readonly problems: readonly ModelProblem[]
  readonly summary: {
    readonly slug: string
    readonly title: string
    readonly kind: ModelKind
    readonly modalities: readonly Modality[]
    readonly isSyntheticOnly: boolean
    readonly preprocessingVersion: string
  } | null
  readonly isOtherData: boolean
  readonly manifest: Json | null
  readonly card: string
  readonly networks: readonly Network[]
  readonly pixelPrefixes: readonly string[]
  readonly registeredBy: string
}

export function modelStore(wall: Wall) {
  const rows = async (where: Prisma.Sql) =>
    z.array(Row).parse(
      await wall.$queryRaw`
        SELECT m.id AS "modelId", m.slug, m.title, m.kind, m.modalities, m.hash, m.state, m.problems, m."isSyntheticOnly",
          m."isOtherData", m."preprocessingVersion", coalesce(u.name, '') AS "registeredByName", m."registeredAt"
        FROM "Model" m LEFT JOIN "User" u ON u.id = m."registeredBy" WHERE ${where} ORDER BY m.id DESC`,
    )
  const stored = async (where: Prisma.Sql) => {
    const [row] = await rows(where)
    if (!row) return undefined
    const { manifest, card } = await wall.model.findUniqueOrThrow({ where: { id: row.modelId } })
    const networks = await wall.modelNetwork.findMany({
      where: { modelId: row.modelId },
      orderBy: [{ role: 'asc' }, { modality: 'asc' }],
    })
    return {
      ...row,
      manifest: manifest as unknown,
      card,
      networks: networks.map(({ role, modality, sha256, bytes }) => ({
        role,
        modality: Modality.parse(modality),
        sha256,
        bytes,
      })),
    }
  }
  return {
    async add(model: NewModel) {
      const { studyId, summary } = model
      const [added] = await wall.$queryRaw<{ id: string }[]>`
        INSERT INTO "Model" (id, "studyId", slug, title, kind, modalities, hash, state, problems, manifest, card,
          "isSyntheticOnly", "isOtherData", "preprocessingVersion", "registeredBy")
        VALUES (uuidv7(), ${studyId}::uuid, ${summary?.slug ?? null}, ${summary?.title ?? null},
          ${summary?.kind ?? null}, ${[...(summary?.modalities ?? [])]}, ${model.hash}, ${model.state},
          ${JSON.stringify(model.problems)}::jsonb,
          ${model.manifest === null ? null : JSON.stringify(model.manifest)}::jsonb, ${model.card},
          ${summary?.isSyntheticOnly ?? false}, ${model.isOtherData}, ${summary?.preprocessingVersion ?? null},
          ${model.registeredBy})
        ON CONFLICT DO NOTHING RETURNING id`
      if (!added) return undefined
      if (model.state === 'registered') {
        await wall.modelNetwork.createMany({
          data: model.networks.map((network) => ({ ...network, modelId: added.id, studyId })),
        })
        await wall.modelTrainingPixels.create({
          data: { modelId: added.id, studyId, prefixes: [...model.pixelPrefixes] },
        })
      }
      return added.id
    },
    list: (studyId: string) => rows(Prisma.sql`m."studyId" = ${studyId}::uuid`),
    find: (modelId: string) => stored(Prisma.sql`m.id = ${modelId}::uuid`),
    registered: (studyId: string, hash: string) =>
      stored(Prisma.sql`m."studyId" = ${studyId}::uuid AND m.hash = ${hash} AND m.state = 'registered'`),
    async patientsSeen(modelId: string) {
      const found = await wall.$queryRaw`
        SELECT coalesce(a.part, 'unallocated') AS part, count(DISTINCT e."patientId")::int AS patients
        FROM "ModelTrainingPixels" t CROSS JOIN LATERAL unnest(t.prefixes) seen
        JOIN "Instance" i ON i."studyId" = t."studyId" AND left(i."pixelHash", 16) = seen
        JOIN "Exam" e ON e.id = i."examId" LEFT JOIN "SplitAllocation" a ON a."patientId" = e."patientId"
        WHERE t."modelId" = ${modelId}::uuid GROUP BY 1`
      const counts = { train: 0, validation: 0, test: 0, unallocated: 0 }
      for (const { part, patients } of z.array(SeenRow).parse(found)) counts[part] = patients
      return counts
    },
  }
}
