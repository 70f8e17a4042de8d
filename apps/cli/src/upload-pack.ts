import http from 'node:http'
import https from 'node:https'
import { Readable } from 'node:stream'
import { text as collect } from 'node:stream/consumers'
import { z } from 'zod'
import { RETRY_DELAYS_MS } from './api.ts'
import { RefusedError } from './refusal.ts'

const Refusal = z.object({ code: z.string() })
/** Nothing in either direction for so long: the connection is dead, and the pack is sent again. */
const SILENCE_MS = 60_000
type Answer = { status: number; text: string }

/** One pack; sent again as a whole when the connection breaks. Resolves when the server has acknowledged it. */
export async function uploadPack(
  at: { address: string; token: string },
  pack: { studyCode: string; importId: string; packIndex: number; parts: readonly Uint8Array<ArrayBuffer>[] },
): Promise<void> {
  const { studyCode, importId, packIndex, parts } = pack
  const url = new URL(`/api/uploads/${studyCode}/${importId}/${packIndex}`, at.address)
  const { status, text } = await untilAnswered(() => put(url, at.token, parts))
  if (status >= 200 && status < 300) return
  throw refusalOf(text) ?? new Error(`the server answered an upload with ${status}`)
}

/** Asks again where no answer came, or one of a proxy whose server is away: a restart takes seconds. */
async function untilAnswered(ask: () => Promise<Answer>): Promise<Answer> {
  for (const delayMs of RETRY_DELAYS_MS) {
    const answer = await ask().catch(() => undefined)
    if (answer && ![502, 503, 504].includes(answer.status)) return answer
    await new Promise((next) => setTimeout(next, delayMs))
  }
  return ask()
}

/** By `node:http`, which sends the parts as they lie; `fetch` copies a body three times. */
function put(url: URL, token: string, parts: readonly Uint8Array[]): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/octet-stream',
    'content-length': parts.reduce((sum, part) => sum + part.length, 0),
  }
  return new Promise((resolve, reject) => {
    const ask = url.protocol === 'https:' ? https.request : http.request
    const request = ask(url, { method: 'PUT', headers, timeout: SILENCE_MS }, (response) => {
      collect(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, text: body })
      }, reject)
    })
    request.on('error', reject)
    request.on('timeout', () => request.destroy(new Error('the server has been silent')))
    Readable.from(parts, { objectMode: true }).pipe(request)
  })
}

function refusalOf(body: string): RefusedError | undefined {
  const parsed = Refusal.safeParse(body.startsWith('{') ? JSON.parse(body) : undefined)
  if (!parsed.success) return undefined
  return new RefusedError(
    parsed.data.code,
    'The server did not take the upload. What it has acknowledged is kept; run the same import again to go on.',
  )
}
