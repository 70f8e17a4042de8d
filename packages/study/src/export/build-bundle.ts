import { analysisScript } from '@facetgrade/bundle/analysis-script'
import { utf8 } from '@facetgrade/bundle/byte-sink'
import { codebookCsv, codebookJson } from '@facetgrade/bundle/codebook'
import type { ExportSource } from '@facetgrade/bundle/export-reading'
import { importScripts } from '@facetgrade/bundle/import-scripts'
import { BundleManifest } from '@facetgrade/bundle/manifest'
import { readme } from '@facetgrade/bundle/readme'
import { KIND_TEXT, type Table } from '@facetgrade/bundle/table'
import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { Actor } from '../actor.ts'
import type { Json } from '../audit/audit-store.ts'
import type { OpenWall } from '../procedure.ts'
import { sha256 } from '../sha256.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import { type BundleFiles, bundleWriter, type WrittenBundle } from './bundle-writer.ts'
import { COUNTS_TABLE, countRows } from './counts-table.ts'
import { evaluationFiles } from './evaluation-files.ts'
import { EXPORT_ROLES } from './export-roles.ts'
import { type ExportScope, exportScope } from './export-scope.ts'
import { exportTables } from './export-tables.ts'
import { pageSource } from './page-source.ts'
import { RESULTS_TABLE, resultRows } from './results-table.ts'
import { writeReadings } from './write-readings.ts'

const PATIENTS_A_PAGE = 25

export type BundleDeps = {
  /** One short transaction as the system. */
  asSystem<T>(studyId: string, work: (stores: Stores) => Promise<T>): Promise<T>
  /** One transaction under the person's own wall that sees one moment, however long it takes. */
  snapshot<T>(actor: Actor, work: (wall: Pick<OpenWall, 'stores' | 'asSystem'>) => Promise<T>): Promise<T>
  readonly files: BundleFiles
  readonly software: { readonly name: string; readonly version: string }
}
export type BundlePlace = { readonly studyId: string; readonly bundleId: string }

/**
 * Writes a bundle that was asked for: every file from one moment of the study, under the wall of the statistician who
 * asked, a page of patients in memory at a time. May be killed anywhere and begun again: files are named by their
 * content, and the last step alone makes the bundle ready.
 */
export async function buildBundle(deps: BundleDeps, place: BundlePlace): Promise<void> {
  const { studyId, bundleId } = place
  const asked = await deps.asSystem(studyId, async (stores) => {
    const bundle = await stores.bundles.find(bundleId)
    if (bundle?.state !== 'building') return undefined
    const { code } = await stores.studies.show(studyId)
    const roles = await stores.membership.rolesIn(bundle.requestedBy, code)
    const member = roles.find(({ role }) => (EXPORT_ROLES as readonly string[]).includes(role))
    return { bundle, code, member }
  })
  if (!asked) return
  const { bundle, code, member } = asked
  // Whoever asked may have left the study meanwhile.
  if (!member) return deps.asSystem(studyId, (stores) => stores.bundles.fail(bundleId, 'NOT_ALLOWED'))
  const actor: Actor = { userId: bundle.requestedBy, ...member }
  try {
    const written = await deps.snapshot(actor, (wall) =>
      writeBundle(deps, wall, { ...place, studyCode: code, isBlinded: bundle.isBlinded }),
    )
    await deps.asSystem(studyId, (stores) => stores.bundles.finish(bundleId, written))
  } catch (error) {
    if (!(error instanceof StudyError)) throw error
    await deps.asSystem(studyId, (stores) => stores.bundles.fail(bundleId, error.code))
  }
}

type Wanted = BundlePlace & { readonly studyCode: string; readonly isBlinded: boolean }
type Finished = { contentHash: string; manifest: Json; bytes: number }

async function writeBundle(
  deps: BundleDeps,
  wall: Pick<OpenWall, 'stores' | 'asSystem'>,
  wanted: Wanted,
): Promise<Finished> {
  const { stores } = wall
  const { studyId, studyCode, isBlinded } = wanted
  const unsealings = await stores.unsealing.list(studyId)
  if (!isBlinded && unsealings.length === 0) throw new StudyError('NOT_UNSEALED')
  const scope = await exportScope(wall, { studyId }, { isBlinded })
  const asOf = await stores.exports.asOf(studyId)
  const source: ExportSource = {
    studyCode,
    studyTitle: scope.studyTitle,
    kind: scope.kind,
    software: deps.software,
    asOf,
  }
  const writer = bundleWriter(deps.files, source)
  const patients = await writePatients(deps, stores, { wanted, scope, source, writer })
  const counts = await wall.asSystem((system) => system.exports.counts(studyId))
  await writer.table(COUNTS_TABLE, countRows(counts, scope.kind))
  const { evaluation, plan } = isBlinded
    ? { evaluation: null, plan: await latestPlan(stores, studyId) }
    : await evaluated(stores, studyId)
  if (evaluation) {
    await writer.table(RESULTS_TABLE, resultRows(evaluation.results, evaluation.resultHash, scope.kind))
    for (const { name, content } of evaluationFiles(evaluation)) await writer.text(`evaluation/${name}`, content)
  }
  await describe(writer, scope, plan)
  const head = {
    format: 'facetgrade-bundle/1' as const,
    study: { code: studyCode, title: scope.studyTitle, kind: scope.kind },
    about: KIND_TEXT[scope.kind].en,
    isBlinded,
    parts: isBlinded ? (['train', 'validation'] as const) : (['train', 'validation', 'test'] as const),
    patients,
    asOf,
    software: deps.software,
    protocol: { version: scope.protocolVersion, hash: (await stores.protocol.latest(studyId)).hash },
    splitSeal: (await stores.unsealing.sealHash(studyId)) ?? null,
    unsealings: unsealings.length,
    plan: plan && { version: plan.version, hash: plan.hash },
    evaluation: evaluation && {
      inputHash: evaluation.inputHash,
      resultHash: evaluation.resultHash,
      referenceVersion: evaluation.referenceVersion,
      unsealing: evaluation.unsealingOrdinal,
      isStale: evaluation.isStale,
      rows: writer.written().tables.find(({ name }) => name === RESULTS_TABLE.name)?.rows ?? 0,
    },
  }
  const { tables } = writer.written()
  await writer.text('README.txt', readme({ ...head, parts: [...head.parts], tables: [...tables] }))
  return finished(deps, head, writer.written())
}

async function finished(deps: BundleDeps, head: object, { tables, files }: WrittenBundle): Promise<Finished> {
  const manifest = BundleManifest.parse({ ...head, tables, files })
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  const file = await deps.files.create()
  await file.write(utf8(text))
  const { bytes } = await file.finish()
  const json = JSON.parse(text) as Json // what was just written
  return {
    contentHash: sha256(canonicalJson(json)),
    manifest: json,
    bytes: files.reduce((sum, one) => sum + one.bytes, bytes),
  }
}

type Writing = {
  readonly wanted: Wanted
  readonly scope: ExportScope
  readonly source: ExportSource
  readonly writer: ReturnType<typeof bundleWriter>
}

/** Page by page into every file at once; the database reads the next page while this one is written. */
async function writePatients(deps: BundleDeps, stores: Stores, of: Writing): Promise<number> {
  const { wanted, scope, source, writer } = of
  const { studyId, bundleId } = wanted
  const includesTest = !scope.isBlinded
  const all = await stores.exports.countPatients({ studyId, includesTest })
  const tables = exportTables(scope.protocol, scope.kind)
  const open = await Promise.all(tables.map(async (table) => ({ table, to: await writer.open(table) })))
  const readings = await writeReadings(writer, { source, scope, readers: await stores.exports.readers(studyId) })
  const load = async (after: string | null) => {
    const patientCodes = await stores.exports.patientCodes({ studyId, after, take: PATIENTS_A_PAGE, includesTest })
    const page = pageSource(stores, { studyId, patientCodes }, scope)
    const rows = await Promise.all(tables.map((table) => table.rows(page)))
    return { patientCodes, rows, forms: await page.forms() }
  }
  let done = 0
  let page = await load(null)
  while (page.patientCodes.length > 0) {
    const next = load(page.patientCodes.at(-1) ?? null)
    await Promise.all([...open.map(({ to }, index) => to.rows(page.rows[index] ?? [])), readings.page(page)])
    done += page.patientCodes.length
    await deps.asSystem(studyId, (system) => system.bundles.progress(bundleId, { done, all }))
    page = await next
  }
  await Promise.all(open.map(({ to }) => to.end()))
  await readings.end()
  return done
}

async function latestPlan(stores: Stores, studyId: string) {
  const versions = await stores.plan.list(studyId)
  const latest = versions.find(({ lock }) => lock) ?? versions[0]
  return latest ? ((await stores.plan.find(latest.planId)) ?? null) : null
}

async function evaluated(stores: Stores, studyId: string) {
  const [latest] = await stores.evaluation.list(studyId)
  const evaluation = latest ? ((await stores.evaluation.find(latest.evaluationId)) ?? null) : null
  if (!evaluation) return { evaluation, plan: await latestPlan(stores, studyId) }
  const version = (await stores.plan.list(studyId)).find((plan) => plan.version === evaluation.planVersion)
  return { evaluation, plan: version ? ((await stores.plan.find(version.planId)) ?? null) : null }
}

/** What tells a statistician how to read the rest. */
async function describe(
  writer: Writing['writer'],
  scope: ExportScope,
  plan: { document: unknown } | null,
): Promise<void> {
  const { protocol, protocolVersion, kind, protocols } = scope
  const written = new Set(writer.written().tables.map(({ name }) => name))
  const tables: Table[] = [...exportTables(protocol, kind), COUNTS_TABLE, RESULTS_TABLE].filter(({ name }) =>
    written.has(name),
  )
  await writer.text('codebook.csv', codebookCsv({ protocol, protocolVersion, kind, tables }))
  await writer.text('codebook.json', codebookJson({ protocol, protocolVersion, kind, tables }))
  for (const { file, text } of importScripts(tables, { protocol, protocolVersion, kind })) await writer.text(file, text)
  await writer.text('protocol.json', json(protocol))
  await writer.text(
    'protocol-versions.json',
    json(
      Array.from(protocols, ([version, document]) => ({ version, document })).toSorted((a, b) => a.version - b.version),
    ),
  )
  if (plan) await writer.text('plan.json', json(plan.document))
  await writer.text('analysis.R', analysisScript())
}

const json = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`
