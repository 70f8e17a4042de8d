import { InstanceHeader } from '@facetgrade/dicom/instance-header'
import { judgeSeries } from '@facetgrade/dicom/series-geometry'
import { z } from 'zod'
import type { Stores } from '../stores.ts'

/**
 * Closes an import whose packs are all done: every series that it touched is judged anew over all its instances, and a
 * file that was announced and never came gets its line, so that the ledger adds up exactly. Running it again changes
 * nothing. Call as the system.
 */
export async function completeImport(stores: Stores, of: { studyId: string; importId: string }): Promise<void> {
  await stores.imports.lockStudy(of.studyId)
  const row = await stores.imports.find(of.importId)
  if (!row || row.state === 'done' || row.state === 'receiving') return
  if ((await stores.imports.packs(of.importId)).some((pack) => !pack.isDone)) return
  for (const series of await stores.exams.seriesTouchedBy(of.importId)) {
    const headers = z.array(InstanceHeader).parse(await stores.exams.headers(series))
    await stores.exams.putSeries(of.studyId, series, judgeSeries(headers))
  }
  if (row.state === 'cancelled') return
  const answered = await stores.imports.lineIndexes(of.importId)
  const missing = Array.from({ length: row.fileCount }, (_, index) => index).filter((index) => !answered.has(index))
  await stores.imports.addLines(
    of,
    missing.map((fileIndex) => ({
      fileIndex,
      outcome: 'rejected',
      code: 'PACK_MALFORMED',
      instanceId: null,
      blobHash: null,
    })),
  )
  await stores.imports.setState(of.importId, 'done')
  const counts = (await stores.imports.counts([of.importId])).get(of.importId) ?? []
  await stores.audit.write({
    action: 'import.done',
    object: 'Import',
    objectId: of.importId,
    new: Object.fromEntries(counts.map(({ code, files }) => [code, files])),
  })
}
