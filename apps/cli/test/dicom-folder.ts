import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Sample, sampleDicom, text } from '@facetgrade/dicom/sample-dicom'

/** A folder of invented CT slices, `perPatient` a patient, as a PACS would export it. */
export function writeCtFolder(
  folder: string,
  of: { patients: number; perPatient: number } & Pick<Sample, 'rows' | 'columns'>,
): void {
  for (let patient = 0; patient < of.patients; patient += 1) {
    const series = join(folder, `P${patient}`, 'CT')
    mkdirSync(series, { recursive: true })
    for (let slice = 0; slice < of.perPatient; slice += 1) {
      const bytes = sampleDicom({
        ...(of.rows === undefined ? {} : { rows: of.rows }),
        ...(of.columns === undefined ? {} : { columns: of.columns }),
        with: [
          text(0x00080018, 'UI', `1.2.826.1.${patient}.${slice}`),
          text(0x00100020, 'LO', `MRN${patient}`),
          text(0x00100030, 'DA', '19600102'),
          text(0x00100040, 'CS', 'F'),
          text(0x0020000d, 'UI', `1.2.826.2.${patient}`),
          text(0x0020000e, 'UI', `1.2.826.3.${patient}`),
          text(0x00200013, 'IS', String(slice + 1)),
          text(0x00200032, 'DS', `-100\\-80\\${slice}`),
        ],
      })
      writeFileSync(join(series, `IM${String(slice).padStart(5, '0')}`), bytes)
    }
  }
}
