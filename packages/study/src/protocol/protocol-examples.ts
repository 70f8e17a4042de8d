import { type ExamplesOf, NOTHING } from '../example.ts'
import type { protocolRouter } from './protocol-router.ts'

export const protocolExamples: ExamplesOf<typeof protocolRouter> = {
  show: NOTHING,
  versions: NOTHING,
  check: { input: { document: {} } },
  amend: { input: { document: {}, reason: 'a reason for it', basedOnVersion: 1 } },
}
