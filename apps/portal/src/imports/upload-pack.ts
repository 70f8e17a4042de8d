import { Upload } from 'tus-js-client'

const RETRY_DELAYS_MS = [200, 500, 1000, 2000, 4000, 8000, 15_000, 30_000]

/** One pack by tus, gone on with when the connection was cut. Resolves when the server has acknowledged it. */
export function uploadPack(
  pack: { studyCode: string; importId: string; packIndex: number; parts: readonly Uint8Array<ArrayBuffer>[] },
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(new Blob([...pack.parts]), {
      endpoint: '/api/uploads',
      metadata: { studyCode: pack.studyCode, importId: pack.importId, packIndex: String(pack.packIndex) },
      retryDelays: RETRY_DELAYS_MS,
      uploadDataDuringCreation: true,
      // A reload finds the unfinished import and its stored packs at the server; nothing is kept in the browser.
      storeFingerprintForResuming: false,
      onSuccess: () => resolve(),
      onError: reject,
    })
    signal.addEventListener('abort', () => {
      void upload.abort()
      reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'))
    })
    upload.start()
  })
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
