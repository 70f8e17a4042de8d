import { DetailedError, Upload } from 'tus-js-client'
import { z } from 'zod'
import { RETRY_DELAYS_MS } from './api.ts'
import { RefusedError } from './refusal.ts'

const Refusal = z.object({ code: z.string() })

/** One pack by tus, resumed inside the upload when the connection breaks. Resolves when the server has acknowledged it. */
export function uploadPack(
  at: { address: string; token: string },
  pack: { studyCode: string; importId: string; packIndex: number; parts: readonly Uint8Array<ArrayBuffer>[] },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(Buffer.concat(pack.parts), {
      endpoint: new URL('/api/uploads', at.address).href,
      headers: { authorization: `Bearer ${at.token}` },
      metadata: { studyCode: pack.studyCode, importId: pack.importId, packIndex: String(pack.packIndex) },
      retryDelays: RETRY_DELAYS_MS,
      uploadDataDuringCreation: true,
      removeFingerprintOnSuccess: true,
      onSuccess: () => {
        resolve()
      },
      onError: (error) => {
        reject(refusalOf(error) ?? error)
      },
    })
    upload.start()
  })
}

function refusalOf(error: Error): RefusedError | undefined {
  if (!(error instanceof DetailedError)) return undefined
  const body = error.originalResponse?.getBody() ?? ''
  const parsed = Refusal.safeParse(body.startsWith('{') ? JSON.parse(body) : undefined)
  if (!parsed.success) return undefined
  return new RefusedError(
    parsed.data.code,
    'The server did not take the upload. What it has acknowledged is kept; run the same import again to go on.',
  )
}
