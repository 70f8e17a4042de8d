import { pseudonymise } from '@facetgrade/dicom/pseudonymise'
import type { PseudonymiseContext } from '@facetgrade/dicom/pseudonymise-context'
import type { PseudonymiseOutcome } from '@facetgrade/dicom/pseudonymised-file'
import { type KeyFile, openStudyKey, type StudyKey } from '@facetgrade/dicom/study-key'

/** What the page says to a worker: first the key and what is known of the study, then one file after another. */
export type ParseTask =
  | { kind: 'open'; keyFile: KeyFile; studyCode: string; context: PseudonymiseContext }
  | { kind: 'file'; bytes: Uint8Array<ArrayBuffer> }

/** What it says back: that it loaded and has the key, and then an outcome for each file, in their order. */
export type ParseReport = { kind: 'ready' } | { kind: 'outcome'; outcome: PseudonymiseOutcome }

const report = (said: ParseReport, transfer: Transferable[] = []) => self.postMessage(said, { transfer })

let open: { key: StudyKey; context: PseudonymiseContext } | undefined

self.addEventListener('message', ({ data }: MessageEvent<ParseTask>) => {
  if (data.kind === 'open') {
    open = { key: openStudyKey(data.keyFile, data.studyCode), context: data.context }
    report({ kind: 'ready' })
    return
  }
  if (!open) throw new Error('a file came before the key')
  void pseudonymise(data.bytes, open.key, open.context).then((outcome) => {
    report({ kind: 'outcome', outcome }, outcome.outcome === 'accepted' ? [outcome.bytes.buffer] : [])
  })
})
