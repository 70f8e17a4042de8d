import { LIMITS } from '@facetgrade/dicom/limits'
import { refused } from '@facetgrade/dicom/outcome-codes'
import type { PseudonymiseContext } from '@facetgrade/dicom/pseudonymise-context'
import type { PseudonymiseOutcome } from '@facetgrade/dicom/pseudonymised-file'
import type { KeyFile } from '@facetgrade/dicom/study-key'
import type { ParseReport, ParseTask } from './parse-worker.ts'

export type ParsePool = {
  pseudonymise: (bytes: Uint8Array<ArrayBuffer>) => Promise<PseudonymiseOutcome>
  close: () => void
}
/** The page cannot pseudonymise at all: nothing is said about any file. */
export class ParsingUnavailable extends Error {}

type Job = {
  bytes: Uint8Array<ArrayBuffer>
  resolve: (outcome: PseudonymiseOutcome) => void
  reject: (cause: Error) => void
}
type Member = {
  worker: Worker
  /** Loaded, and opened with the key. Before that no file is its to fail. */
  isReady: boolean
  job: Job | undefined
  timer: ReturnType<typeof setTimeout> | undefined
}

/**
 * Web Workers that pseudonymise beside the page and are killed when a file takes too long. The key is in memory only.
 *
 * A worker that never gets ready (its code is gone from the server, the key does not open) breaks the pool: what waits
 * rejects, so that the import stops and can be resumed, and no healthy file is refused for it.
 */
export function openParsePool(of: { keyFile: KeyFile; studyCode: string; context: PseudonymiseContext }): ParsePool {
  const waiting: Job[] = []
  const members = new Set<Member>()
  let broken: Error | undefined
  const give = (member: Member) => {
    const job = member.job || !member.isReady ? undefined : waiting.shift()
    if (!job) return
    member.job = job
    member.timer = setTimeout(() => retire(member, 'PARSE_TIMEOUT'), LIMITS.parseMs)
    member.worker.postMessage({ kind: 'file', bytes: job.bytes } satisfies ParseTask, [job.bytes.buffer])
  }
  const settle = (member: Member, outcome: PseudonymiseOutcome) => {
    clearTimeout(member.timer)
    const { job } = member
    member.job = undefined
    job?.resolve(outcome)
  }
  const retire = (member: Member, code: 'PARSE_TIMEOUT' | 'PARSE_CRASHED') => {
    if (!members.delete(member)) return
    member.worker.terminate()
    settle(member, refused(code))
    hire()
  }
  const dismiss = () => {
    for (const { worker, timer } of members) {
      clearTimeout(timer)
      worker.terminate()
    }
    members.clear()
  }
  const breakUp = () => {
    broken = new ParsingUnavailable('a worker that pseudonymises could not be started')
    const unanswered = [...waiting.splice(0), ...[...members].flatMap(({ job }) => job ?? [])]
    dismiss()
    for (const { reject } of unanswered) reject(broken)
  }
  const hire = () => {
    const worker = new Worker(new URL('./parse-worker.ts', import.meta.url), { type: 'module' })
    const member: Member = { worker, isReady: false, job: undefined, timer: undefined }
    members.add(member)
    worker.addEventListener('message', ({ data }: MessageEvent<ParseReport>) => {
      if (data.kind === 'ready') member.isReady = true
      else settle(member, data.outcome)
      give(member)
    })
    worker.addEventListener('error', () => (member.isReady ? retire(member, 'PARSE_CRASHED') : breakUp()))
    worker.postMessage({ kind: 'open', ...of } satisfies ParseTask)
  }
  const size = Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1))
  for (let index = 0; index < size; index += 1) hire()
  return {
    pseudonymise: (bytes) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken)
        waiting.push({ bytes, resolve, reject })
        for (const member of members) give(member)
      }),
    close: dismiss,
  }
}
