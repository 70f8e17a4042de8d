import type { Sha256 } from '@facetgrade/grading/sha256'
import { drawsOf } from '@facetgrade/phantom/draws'
import { type DemoPeople, type DemoPerson, type OnProgress, proofOf } from './demo-people.ts'

const PAGE = 200
/** About one patient in nine is kept out, each for the reason that such a study meets most. */
const EXCLUDED_SHARE = 0.11
const REASONS = [
  { code: 'E1', weight: 5, note: 'Anterior slip of L4 on L5 on the sagittal view.' },
  { code: 'E3', weight: 3, note: 'Decompression at L4/5 according to the history.' },
  { code: 'E2', weight: 2, note: 'Old wedge fracture of L1.' },
] as const
const AT_ONCE = 4

type Api = DemoPerson['api']
type ScreeningRow = Awaited<ReturnType<Api['screening']['list']['query']>>['rows'][number]

/** Every X-ray image's side as the product proposes it from the header; a person of the demo has looked at no marker. */
export async function confirmXraySides(
  { studyCode, coordinator }: DemoPeople,
  onProgress: OnProgress,
): Promise<number> {
  const { api } = coordinator
  let after: string | undefined
  let done = 0
  for (;;) {
    const { rows, next, counts } = await api.xraySides.list.query({
      studyCode,
      limit: PAGE,
      open: true,
      ...(after === undefined ? {} : { after }),
    })
    const total = done + counts.open
    await inParallel(rows, async ({ instanceId, proposal: { view, patientRight, shownJoints } }) => {
      if (view === null || patientRight === null) return
      const side = { view, patientRight, shownJoints } as Parameters<Api['xraySides']['confirm']['mutate']>[0]['side']
      await api.xraySides.confirm.mutate({ studyCode, instanceId, side })
      onProgress((done += 1), total)
    })
    if (next === null) return done
    after = next
  }
}

/** The usual five lumbar vertebrae, which is how phantoms are built. */
export async function numberLevels({ studyCode, coordinator }: DemoPeople, onProgress: OnProgress): Promise<number> {
  const open = (await everyPatient(coordinator, studyCode)).filter(({ isNumbered }) => !isNumbered)
  let done = 0
  await inParallel(open, async ({ patientId, modalities }) => {
    await coordinator.api.numbering.confirm.mutate({
      studyCode,
      patientId,
      numbering: {
        lumbarVertebrae: 'five',
        isTransitional: false,
        confirmedOn: modalities.includes('mr') || modalities.includes('ct') ? 'sagittal' : 'anteroposterior',
      },
      seenVersion: 0,
    })
    onProgress((done += 1), open.length)
  })
  return open.length
}

/**
 * Two looks at every patient, the coordinator's and the investigator's. Some are kept out, drawn by the demo's seed:
 * what keeps them out is invented, as they are.
 */
export async function screenPatients(
  people: DemoPeople,
  of: { sha256: Sha256; seed: string },
  onProgress: OnProgress,
): Promise<{ looks: number; excluded: number }> {
  const { studyCode, coordinator, investigator } = people
  const rows = await everyPatient(coordinator, studyCode)
  const open = rows.filter(({ standing }) => standing === 'not_screened' || standing === 'second_look_missing')
  let done = 0
  let excluded = 0
  const looks = open.reduce((sum, { standing }) => sum + (standing === 'not_screened' ? 2 : 1), 0)
  await inParallel(open, async ({ patientId, enrolmentNumber, standing }) => {
    const kept = reasonOf(of, enrolmentNumber)
    if (kept) excluded += 1
    if (standing === 'not_screened') {
      await look(coordinator, 'firstLook', { studyCode, patientId, kept })
      onProgress((done += 1), looks)
    }
    await look(investigator, 'secondLook', { studyCode, patientId, kept })
    onProgress((done += 1), looks)
  })
  return { looks, excluded }
}

type Reason = (typeof REASONS)[number]

function reasonOf({ sha256, seed }: { sha256: Sha256; seed: string }, enrolmentNumber: number): Reason | undefined {
  const draws = drawsOf(sha256, seed, `screening ${enrolmentNumber}`)
  if (!draws.chance(EXCLUDED_SHARE)) return undefined
  let at = draws.between(
    0,
    REASONS.reduce((sum, { weight }) => sum + weight, 0),
  )
  return REASONS.find(({ weight }) => (at -= weight) < 0)
}

async function look(
  person: DemoPerson,
  which: 'firstLook' | 'secondLook',
  { studyCode, patientId, kept }: { studyCode: string; patientId: string; kept: Reason | undefined },
): Promise<void> {
  const { criteria, looks, protocolVersion } = await person.api.screening.show.query({ studyCode, patientId })
  const answers = Object.fromEntries(
    criteria.map(({ code, kind, proposed }) => {
      if (code === kept?.code) return [code, 'yes' as const]
      return [code, proposed ?? (kind === 'inclusion' ? ('yes' as const) : ('no' as const))]
    }),
  )
  const failed = criteria.some(({ code, kind }) => answers[code] === (kind === 'inclusion' ? 'no' : 'yes'))
  await person.api.screening[which].mutate({
    studyCode,
    patientId,
    answers,
    decision: failed ? 'excluded' : 'eligible',
    note: kept && which === 'firstLook' ? kept.note : null,
    protocolVersion,
    seenLookId: looks.at(-1)?.lookId ?? null,
    proof: proofOf(person),
  })
}

async function everyPatient({ api }: DemoPerson, studyCode: string): Promise<ScreeningRow[]> {
  const rows: ScreeningRow[] = []
  let after: string | undefined
  for (;;) {
    const page = await api.screening.list.query({ studyCode, limit: PAGE, ...(after === undefined ? {} : { after }) })
    rows.push(...page.rows)
    if (page.next === null) return rows
    after = page.next
  }
}

/** A few at a time: one person's browser does not wait for each answer either. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}
