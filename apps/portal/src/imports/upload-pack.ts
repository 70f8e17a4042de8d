import { z } from 'zod'

const RETRY_DELAYS_MS = [200, 500, 1000, 2000, 4000, 8000, 15_000, 30_000]
const Refusal = z.object({ code: z.string() })
type Answer = { status: number; text: string }

/** The server answered and did not take the pack; it says why by code. */
export class UploadRefused extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** One pack; sent again as a whole when the connection was cut. Resolves when the server has acknowledged it. */
export async function uploadPack(
  pack: { studyCode: string; importId: string; packIndex: number; parts: readonly Uint8Array<ArrayBuffer>[] },
  signal: AbortSignal,
): Promise<void> {
  const { studyCode, importId, packIndex } = pack
  const body = new Blob([...pack.parts], { type: 'application/octet-stream' })
  const { status, text } = await untilAnswered(`/api/uploads/${studyCode}/${importId}/${packIndex}`, {
    method: 'PUT',
    body,
    signal,
  })
  if (status >= 200 && status < 300) return
  const refusal = Refusal.safeParse(text.startsWith('{') ? JSON.parse(text) : undefined)
  throw new UploadRefused(refusal.success ? refusal.data.code : 'UNEXPECTED')
}

async function untilAnswered(url: string, request: RequestInit & { signal: AbortSignal }): Promise<Answer> {
  for (const delayMs of RETRY_DELAYS_MS) {
    const answer = await answerOf(url, request).catch(() => undefined)
    request.signal.throwIfAborted()
    if (answer && ![502, 503, 504].includes(answer.status)) return answer
    await new Promise((next) => setTimeout(next, delayMs))
  }
  return answerOf(url, request)
}

async function answerOf(url: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(url, request)
  return { status: response.status, text: await response.text() }
}

/** Calls again while there is no answer at all, for about a minute. The import's calls may all be made twice. */
export async function patiently<T>(call: () => Promise<T>, isUnreachable: (error: unknown) => boolean): Promise<T> {
  for (const delayMs of RETRY_DELAYS_MS) {
    try {
      return await call()
    } catch (error) {
      if (!isUnreachable(error)) throw error
      await new Promise((next) => setTimeout(next, delayMs))
    }
  }
  return call()
}
