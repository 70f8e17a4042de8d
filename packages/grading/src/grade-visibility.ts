import type { Protocol } from './protocol.ts'
import type { Phase } from './protocol-document.ts'
import type { Role } from './role.ts'

/**
 * May the role see grades that are not its own work in this phase? The protocol opens phases to investigators and
 * statisticians; nobody else ever sees any, and a phase that the protocol does not have is closed.
 */
export function seesGrades(protocol: Pick<Protocol, 'phases'>, phase: Phase['name'], role: Role): boolean {
  const allowed: readonly Role[] = protocol.phases.find(({ name }) => name === phase)?.gradesVisibleTo ?? []
  return allowed.includes(role)
}
