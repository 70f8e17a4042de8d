import { z } from 'zod'
import { RETRY_DELAYS_MS } from './api.ts'
import { RefusedError } from './refusal.ts'

const Refusal = z.object({ code: z.string() })
type Answer = { status: number; text: string }

/** One pack; sent again as a whole when the connection breaks. Resolves when the server has acknowledged it. */
export async function uploadPack(
  at: { address: string; token: string },
  pack: { studyCode: string; importId: string; packIndex: number; parts: readonly Uint8Array<ArrayBuffer>[] },
): Promise<void> {
  const { studyCode, importId, packIndex, parts } = pack
  const url = new URL(`/api/uploads/${studyCode}/${importId}/${packIndex}`, at.address)
  const body = Buffer.concat(parts)
  const { status, text } = await untilAnswered(url, {
    method: 'PUT',
    headers: { authorization: `Bearer ${at.token}`, 'content-type': 'application/octet-stream' },
    body,
  })
  if (status >= 200 && status < 300) return
  throw refusalOf(text) ?? new Error(`the server answered an upload with ${status}`)
}

/** Asks again where no answer came, or one of a proxy whose server is away: a restart takes seconds. */
async function untilAnswered(url: URL, request: RequestInit): Promise<Answer> {
  for (const delayMs of RETRY_DELAYS_MS) {
    const answer = await answerOf(url, request).catch(() => undefined)
    if (answer && ![502, 503, 504].includes(answer.status)) return answer
    await new Promise((next) => setTimeout(next, delayMs))
  }
  return answerOf(url, request)
}

async function answerOf(url: URL, request: RequestInit): Promise<Answer> {
  const response = await fetch(url, request)
  return { status: response.status, text: await response.text() }
}

function refusalOf(body: string): RefusedError | undefined {
  const parsed = Refusal.safeParse(body.startsWith('{') ? JSON.parse(body) : undefined)
  if (!parsed.success) return undefined
  return new RefusedError(
    parsed.data.code,
    'The server did not take the upload. What it has acknowledged is kept; run the same import again to go on.',
  )
}
