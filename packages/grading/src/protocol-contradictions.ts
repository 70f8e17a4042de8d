import { CONDUCT_CHECKS } from './conduct-contradictions.ts'
import type { Contradiction, Report } from './contradiction.ts'
import type { ProtocolDocument } from './protocol-document.ts'
import { SCALE_CHECKS } from './scale-contradictions.ts'

export function protocolContradictions(document: ProtocolDocument): Contradiction[] {
  const found: Contradiction[] = []
  const report: Report = (path, code, message) => found.push({ path, code, message })
  for (const check of [...CONDUCT_CHECKS, ...SCALE_CHECKS]) check(document, report)
  return found
}
