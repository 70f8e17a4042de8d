import { LIMITS } from '@facetgrade/dicom/limits'
import { refused } from '@facetgrade/dicom/outcome-codes'
import type { PseudonymiseContext } from '@facetgrade/dicom/pseudonymise-context'
import type { PseudonymiseOutcome } from '@facetgrade/dicom/pseudonymised-file'
import type { KeyFile } from '@facetgrade/dicom/study-key'
import type { ParseTask } from './parse-worker.ts'

export type ParsePool = {
  pseudonymise: (bytes: Uint8Array<ArrayBuffer>) => Promise<PseudonymiseOutcome>
  close: () => void
}
type Job = { bytes: Uint8Array<ArrayBuffer>; resolve: (outcome: PseudonymiseOutcome) => void }
type Member = { worker: Worker; job: Job | undefined; timer: ReturnType<typeof setTimeout> | undefined }

/** Web Workers that pseudonymise beside the page and are killed when a file takes too long. The key is in memory only. */
export function openParsePool(of: { keyFile: KeyFile; studyCode: string; context: PseudonymiseContext }): ParsePool {
  const waiting: Job[] = []
  const members = new Set<Member>()
  const give = (member: Member) => {
    const job = member.job ? undefined : waiting.shift()
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
  const hire = () => {
    const worker = new Worker(new URL('./parse-worker.ts', import.meta.url), { type: 'module' })
    const member: Member = { worker, job: undefined, timer: undefined }
    members.add(member)
    worker.addEventListener('message', ({ data }: MessageEvent<PseudonymiseOutcome>) => {
      settle(member, data)
      give(member)
    })
    worker.addEventListener('error', () => retire(member, 'PARSE_CRASHED'))
    worker.postMessage({ kind: 'open', ...of } satisfies ParseTask)
    give(member)
  }
  const size = Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1))
  for (let index = 0; index < size; index += 1) hire()
  return {
    pseudonymise: (bytes) =>
      new Promise((resolve) => {
        waiting.push({ bytes, resolve })
        for (const member of members) give(member)
      }),
    close: () => {
      for (const { worker, timer } of members) {
        clearTimeout(timer)
        worker.terminate()
      }
      members.clear()
    },
  }
}
