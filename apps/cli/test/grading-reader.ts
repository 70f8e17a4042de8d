import { TRPCClientError } from '@trpc/client'
import { openApi } from '../src/api.ts'

const RETRY_MS = 100
const GRADES = [0, 1, 2, 3]

type Case = { address: string; token: string; studyCode: string; assignmentId: string }
export type Acknowledged = { id: string; sequence: number; hash: string; cell: string; grade: number }

/**
 * A reader's page, without the page: opens the case, then grades one cell after the other for as long as it is let, each
 * event sent again under the same id until it is acknowledged. `acknowledged` grows with each answer of the server.
 */
export function startGrading({ address, token, studyCode, assignmentId }: Case) {
  const api = openApi(address, token)
  const acknowledged: Acknowledged[] = []
  let isStopping = false
  let unanswered = 0
  const insist = async <T>(call: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await call()
      } catch (error) {
        // An answer, even a refusal, is final; only silence is asked again.
        if (!(error instanceof TRPCClientError) || error.data) throw error
        unanswered += 1
        await new Promise((next) => setTimeout(next, RETRY_MS))
      }
    }
  }
  const show = () => insist(() => api.readings.show.query({ studyCode, assignmentId }))
  const grade = async () => {
    await insist(() => api.cases.open.mutate({ studyCode, assignmentId }))
    const { cells, head } = await show()
    for (let knownSequence = head.sequence; !isStopping; ) {
      const { cell } = cells[knownSequence % cells.length] ?? {}
      const value = GRADES[Math.floor(knownSequence / cells.length) % GRADES.length]
      if (cell === undefined || value === undefined) throw new Error('the form has no cells')
      const event = {
        id: crypto.randomUUID(),
        cell,
        value: { kind: 'graded' as const, grade: value },
        how: 'entered' as const,
        clientOffsetMs: knownSequence,
      }
      const answer = await insist(() =>
        api.readings.append.mutate({ studyCode, assignmentId, knownSequence, events: [event] }),
      )
      for (const { id, sequence, hash } of answer.acknowledged) {
        acknowledged.push({ id, sequence, hash, cell: JSON.stringify(cell), grade: value })
      }
      knownSequence = answer.head.sequence
    }
  }
  const finished = grade()
  finished.catch(() => undefined) // read by `stop`
  return {
    acknowledged,
    unanswered: () => unanswered,
    /** Lets the event under way be acknowledged, then answers what the server holds. */
    async stop(): Promise<Acknowledged[]> {
      isStopping = true
      await finished
      const { events } = await show()
      return events.map(({ id, sequence, hash, cell, value }) => ({
        id,
        sequence,
        hash,
        cell: JSON.stringify(cell),
        grade: value.kind === 'graded' ? value.grade : Number.NaN,
      }))
    },
  }
}
