import { STUDY_ERROR_CODES } from '@facetgrade/study/study-error'
import { z } from 'zod'
import type { CliContext } from './cli-context.ts'
import { RefusedError } from './refusal.ts'
import { refusalSentence } from './refusal-sentences.ts'

const Refusal = z.object({ code: z.enum(STUDY_ERROR_CODES) })

/** Bytes of instances that the token's person may train on, in the order asked. */
export async function fetchInstances(
  context: CliContext,
  asked: { studyCode: string; instanceIds: readonly string[] },
): Promise<Uint8Array<ArrayBuffer>[]> {
  if (asked.instanceIds.length === 0) return []
  const response = await fetch(new URL('/api/training-export/instances', context.address()), {
    method: 'POST',
    headers: { authorization: `Bearer ${context.token()}`, 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  })
  if (!response.ok) {
    const parsed = Refusal.safeParse(await response.json().catch(() => undefined))
    if (parsed.success) throw new RefusedError(parsed.data.code, refusalSentence(parsed.data.code))
    throw new Error(`the server answered ${response.status}`)
  }
  const whole = await response.arrayBuffer()
  const view = new DataView(whole)
  const records: Uint8Array<ArrayBuffer>[] = []
  for (let at = 0; at < whole.byteLength; ) {
    const length = view.getUint32(at, true)
    if (at + 4 + length > whole.byteLength) throw new Error('the server broke off')
    // A copy at an even offset: pixels are read as words, and a view would keep the whole answer.
    records.push(new Uint8Array(whole.slice(at + 4, at + 4 + length)))
    at += 4 + length
  }
  if (records.length !== asked.instanceIds.length) throw new Error('the server broke off')
  return records
}
