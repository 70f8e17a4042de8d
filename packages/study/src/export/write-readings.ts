import type { ExportReading, ExportSource } from '@facetgrade/bundle/export-reading'
import { odmWriter } from '@facetgrade/bundle/odm'
import { reportName, structuredReport } from '@facetgrade/bundle/structured-report'
import { zipWriter } from '@facetgrade/bundle/zip'
import type { bundleWriter } from './bundle-writer.ts'
import type { ExportScope } from './export-scope.ts'
import type { FormRow } from './page-source.ts'

type Of = {
  readonly source: ExportSource
  readonly scope: ExportScope
  readonly readers: readonly { readonly code: string; readonly group: string }[]
}

/** The readings as documents: ODM of all of them, a DICOM SR of each that is signed. */
export async function writeReadings(
  writer: Pick<ReturnType<typeof bundleWriter>, 'create'>,
  { source, scope, readers }: Of,
) {
  const { mask } = scope
  const odmFile = await writer.create('odm.xml')
  const srFile = await writer.create('dicom-sr.zip')
  const protocols = Array.from(scope.protocols, ([version, protocol]) => ({ version, protocol }))
  const odm = odmWriter(
    {
      source,
      protocols: protocols.toSorted((a, b) => a.version - b.version),
      readers: readers
        .map(({ code, group }) => ({ code: mask(code), group }))
        .toSorted((a, b) => (a.code < b.code ? -1 : 1)),
    },
    odmFile.sink,
  )
  const zip = zipWriter(srFile.sink)
  return {
    async page({ forms }: { forms: readonly FormRow[] }): Promise<void> {
      const bySubject = Map.groupBy(forms, ({ patientCode }) => patientCode)
      for (const [patientCode, rows] of bySubject) await odm.subject(patientCode, rows.map(readingOf))
      for (const row of forms) {
        if (row.signedAt === null) continue
        const reading = readingOf(row)
        const entry = zip.open(reportName(reading))
        await entry.write(structuredReport(reading, { source, protocol: row.protocol }))
        await entry.close()
      }
    },
    async end(): Promise<void> {
      await odm.end()
      await zip.end()
      await odmFile.finish()
      await srFile.finish()
    },
  }
}

const readingOf = ({
  form,
  protocol: _protocol,
  readerCode,
  examUid,
  shiftedDate,
  ...row
}: FormRow): ExportReading => ({
  ...row,
  reader: readerCode,
  cells: form,
  exam: { studyInstanceUid: examUid, shiftedDate },
})
