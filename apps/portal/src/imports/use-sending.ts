'use client'
import { sendImport } from '@facetgrade/dicom/import-sender'
import { type KeyFile, openStudyKey } from '@facetgrade/dicom/study-key'
import { useCallback, useEffect, useRef, useState } from 'react'
import { isUnreachable } from '../shell/refusal.ts'
import { type Outputs, useTRPCClient } from '../shell/trpc.ts'
import { type Chosen, sourceFilesOf } from './chosen-files.ts'
import { openParsePool } from './parse-pool.ts'
import { patiently, uploadPack } from './upload-pack.ts'

export type Settings = Outputs['imports']['settings']
export type Sending =
  | { phase: 'idle' }
  | { phase: 'reading' }
  | { phase: 'sending'; files: number; total: number; bytes: number; refused: number; seconds: number }
  | { phase: 'sent'; importId: string }
  | { phase: 'stopped' }
  | { phase: 'failed'; error: unknown }

type Order = { chosen: Chosen; keyFile: KeyFile; settings: Settings }

/** Pseudonymises here and sends. Leaving the page is asked about while it runs; what was acknowledged stays in any case. */
export function useSending(studyCode: string) {
  const client = useTRPCClient()
  const [sending, setSending] = useState<Sending>({ phase: 'idle' })
  const stopping = useRef<AbortController | undefined>(undefined)
  const importId = useRef<string | undefined>(undefined)
  const isRunning = sending.phase === 'reading' || sending.phase === 'sending'

  useEffect(() => {
    if (!isRunning) return undefined
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isRunning])
  useEffect(() => () => stopping.current?.abort(), [])

  const start = useCallback(
    async ({ chosen, keyFile, settings }: Order) => {
      const abort = new AbortController()
      stopping.current = abort
      importId.current = undefined
      const { defaultIssuer, imagingPeriod } = settings
      const pool = openParsePool({ keyFile, studyCode, context: { defaultIssuer, imagingPeriod } })
      setSending({ phase: 'reading' })
      try {
        const files = await sourceFilesOf(chosen)
        const started = performance.now()
        const result = await sendImport(
          {
            files,
            key: openStudyKey(keyFile, studyCode),
            signal: abort.signal,
            onProgress: ({ files: done, bytes, refused }) => {
              const seconds = (performance.now() - started) / 1000
              setSending({ phase: 'sending', files: done, total: files.length, bytes, refused, seconds })
            },
          },
          {
            begin: async (roster) => {
              const begun = await patiently(
                () => client.imports.begin.mutate({ studyCode, source: 'browser', ...roster }),
                isUnreachable,
              )
              importId.current = begun.importId
              setSending({ phase: 'sending', files: 0, total: files.length, bytes: 0, refused: 0, seconds: 0 })
              return begun
            },
            reportRefused: (id, refusals) =>
              patiently(
                () => client.imports.reportRefused.mutate({ studyCode, importId: id, files: [...refusals] }),
                isUnreachable,
              ),
            upload: (id, packIndex, parts) => uploadPack({ studyCode, importId: id, packIndex, parts }, abort.signal),
            finish: (id, packs) =>
              patiently(
                () => client.imports.finish.mutate({ studyCode, importId: id, packs: [...packs] }),
                isUnreachable,
              ),
            pseudonymise: pool.pseudonymise,
          },
        )
        setSending({ phase: 'sent', importId: result.importId })
      } catch (error) {
        setSending(abort.signal.aborted ? { phase: 'stopped' } : { phase: 'failed', error })
      } finally {
        pool.close()
      }
    },
    [client, studyCode],
  )
  const cancel = useCallback(async () => {
    stopping.current?.abort()
    if (importId.current) await client.imports.cancel.mutate({ studyCode, importId: importId.current })
  }, [client, studyCode])
  return { sending, start, cancel, reset: () => setSending({ phase: 'idle' }) }
}
