import { join } from 'node:path'
import { openApi } from '../../apps/cli/src/api.ts'
import { sampleDicom, text } from '../../packages/dicom/src/sample-dicom.ts'
import { openBlobFolder } from '../../packages/storage/src/blob-store.ts'
import { anAssignedStudy } from '../../packages/testing/src/assigned-case.ts'
import { asSystemIn } from '../../packages/testing/src/behind-the-wall.ts'
import { aPersonalToken } from '../../packages/testing/src/personal-token.ts'
import { noise } from './importing.ts'
import type { Installation } from './installation.ts'
import { load, type Measurement, quantile } from './measurement.ts'

const SIDE = 512

/** Open the case, then the pixels of its first frame, over HTTP; each case and each image is one never asked for before. */
export async function firstImage(at: Installation, { cases }: { cases: number }): Promise<Measurement[]> {
  const { world, studyCode } = await anAssignedStudy(at.db, at.boss, { patients: cases })
  await giveImages(at, world)
  const token = await aPersonalToken(at.db, world.as('J1').userId)
  const api = openApi(at.product.origin, token)
  const { rows } = await api.assignments.mine.query({ studyCode })
  const frame = async (assignmentId: string) => {
    const url = new URL(`/api/cases/${assignmentId}/series/0/frames/0?study=${studyCode}`, at.product.origin)
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    if (!response.ok) throw new Error(`frame: ${response.status}`)
    const { byteLength } = await response.arrayBuffer()
    if (byteLength !== SIDE * SIDE * 2) throw new Error(`frame: ${byteLength} bytes`)
  }
  const timed = async (work: () => Promise<void>) => {
    const started = performance.now()
    await work()
    return performance.now() - started
  }
  const before = load()
  const cold: number[] = []
  const prefetched: number[] = []
  for (const [index, { assignmentId }] of rows.entries()) {
    const isPrefetched = index % 2 === 1
    if (isPrefetched) {
      // What the page does while the case before is being graded.
      await api.cases.show.query({ studyCode, assignmentId })
      await frame(assignmentId)
    }
    const open = () => api.cases.open.mutate({ studyCode, assignmentId })
    if (isPrefetched) prefetched.push(await timed(async () => void (await open())))
    else cold.push(await timed(async () => (await open(), frame(assignmentId))))
  }
  const line = (what: string, times: readonly number[], budget: string): Measurement => ({
    what,
    value: quantile(times, 0.95),
    unit: 'ms',
    n: `${times.length} cases, CT 512 × 512`,
    budget,
    load: before,
  })
  return [
    line('first image over HTTP, case never asked for: p95', cold, 'p95 ≤ 1000 ms'),
    line('next case, image prefetched, until the case is open: p95', prefetched, 'p95 ≤ 300 ms'),
  ]
}

/** An object of its own behind every slice. */
async function giveImages(
  at: Installation,
  world: Awaited<ReturnType<typeof anAssignedStudy>>['world'],
): Promise<void> {
  const blobs = await openBlobFolder(join(at.product.dataFolder, 'blobs'))
  const where = { studyId: world.studyId }
  const images = await asSystemIn(at.db, world, (wall) => wall.instance.findMany({ where, select: { id: true } }))
  for (const [index, { id }] of images.entries()) {
    const pixels = noise(SIDE * SIDE, index + 7)
    const bytes = sampleDicom({ rows: SIDE, columns: SIDE, pixels, with: [text(0x00200013, 'IS', String(index))] })
    const [blobHash = ''] = await blobs.put([bytes])
    await asSystemIn(at.db, world, (wall) => wall.instance.update({ where: { id }, data: { blobHash } }))
  }
}
