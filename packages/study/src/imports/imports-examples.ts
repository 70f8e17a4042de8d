import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { importsRouter } from './imports-router.ts'

export const importsExamples: ExamplesOf<typeof importsRouter> = {
  settings: NOTHING,
  begin: { input: { source: 'cli', keyFingerprint: '0'.repeat(32), fileCount: 1, rosterMac: '0'.repeat(64) } },
  reportRefused: naming('importId', 'import', { files: [{ index: 0, code: 'NOT_DICOM' }] }),
  finish: naming('importId', 'import', { packs: [0] }),
  cancel: naming('importId', 'import'),
  list: NOTHING,
  show: naming('importId', 'import'),
  ledger: naming('importId', 'import'),
}
