import { z } from 'zod'
import { protocolContradictions } from './protocol-contradictions.ts'
import { ProtocolDocument } from './protocol-document.ts'

/**
 * The versioned definition of a Study: everything that a study decides and no code does. Its version, author and time
 * belong to the store; the document's hash is SHA-256 of its canonical JSON (RFC 8785).
 */
export const Protocol = ProtocolDocument.superRefine((document, context) => {
  for (const { path, code, message } of protocolContradictions(document)) {
    context.addIssue({ code: 'custom', path: [...path], message, params: { code } })
  }
})
export type Protocol = z.infer<typeof Protocol>
/** What one may write: fields that have a default left out. */
export type ProtocolInput = z.input<typeof Protocol>

/** One thing wrong with a protocol document: where (`readerGroups.1.role`), which rule, and a sentence. */
export type ProtocolProblem = { readonly path: string; readonly code: string; readonly message: string }
export type ProtocolCheck =
  | { readonly ok: true; readonly protocol: Protocol }
  | { readonly ok: false; readonly problems: readonly ProtocolProblem[] }

/** Checks a parsed JSON value against the format and everything that must hold between its fields. Never throws. */
export function checkProtocol(json: unknown): ProtocolCheck {
  const parsed = Protocol.safeParse(json)
  if (parsed.success) return { ok: true, protocol: parsed.data }
  return { ok: false, problems: parsed.error.issues.map(problemOf) }
}

function problemOf(issue: z.core.$ZodIssue): ProtocolProblem {
  const own: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined
  const code = typeof own === 'string' ? own : issue.code.toUpperCase()
  const message = issue.message.endsWith('.') ? issue.message : `${issue.message}.`
  return { path: issue.path.join('.'), code, message }
}
