'use client'
import { GradeEvent } from '@facetgrade/grading/grade-event'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { z } from 'zod'
import { isUnreachable, refusalOf } from '../../shell/refusal.ts'
import { useMe } from '../../shell/session-gate.tsx'
import { type Outputs, useTRPCClient } from '../../shell/trpc.ts'
import { browserEntryQueue } from './entry-queue.ts'
import {
  type GradingSession,
  type Known,
  openGradingSession,
  type SendResult,
  type SessionState,
} from './grading-session.ts'

type OwnReading = Outputs['readings']['show']

const KnownEvents = z.array(
  GradeEvent.pick({ id: true, cell: true, value: true, how: true, clientOffsetMs: true, sequence: true }).loose(),
)
const knownOf = (reading: OwnReading): Known => ({
  events: KnownEvents.parse(reading.events).map(({ id, cell, value, how, clientOffsetMs, sequence }) => ({
    id,
    cell,
    value,
    how,
    clientOffsetMs,
    sequence,
  })),
  head: reading.head,
})

/** The session of an open case; undefined until the local queue is read. Closed when the page leaves the case. */
export function useGradingSession(
  at: { studyCode: string; assignmentId: string },
  reading: OwnReading | undefined,
): { session: GradingSession; state: SessionState } | undefined {
  const client = useTRPCClient()
  const { userId } = useMe()
  const [session, setSession] = useState<GradingSession>()
  const [failure, setFailure] = useState<unknown>()
  const { studyCode, assignmentId } = at

  useEffect(() => {
    if (!reading || reading.state !== 'draft') return
    let opened: GradingSession | undefined
    let isLeft = false
    const begun = performance.now()
    const known = knownOf(reading)
    // A reload goes on from the last moment of the case that anyone knows of; the time away counts for nothing.
    const before = known.events.reduce((latest, { clientOffsetMs }) => Math.max(latest, clientOffsetMs), 0)
    const send = async (
      knownSequence: number,
      entries: Parameters<Parameters<typeof openGradingSession>[0]['send']>[1],
    ): Promise<SendResult> => {
      try {
        const events = entries.map((entry) => ({ ...entry }))
        const answer = await client.readings.append.mutate({ studyCode, assignmentId, knownSequence, events })
        return { kind: 'acknowledged', acknowledged: answer.acknowledged, head: answer.head }
      } catch (error) {
        if (refusalOf(error)?.code === 'READING_MOVED') {
          return client.readings.show
            .query({ studyCode, assignmentId })
            .then((now): SendResult => ({ kind: 'moved', known: knownOf(now) }))
            .catch((): SendResult => ({ kind: 'unreachable' }))
        }
        // Without a refusal nobody has decided anything: the same ids are sent again.
        if (isUnreachable(error) || refusalOf(error) === undefined) return { kind: 'unreachable' }
        return { kind: 'refused', error }
      }
    }
    browserEntryQueue({ userId, assignmentId })
      .then((queue) =>
        openGradingSession({
          known,
          queue,
          send,
          newId: () => crypto.randomUUID(),
          offsetMs: () => before + (performance.now() - begun),
          wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        }),
      )
      .then((ready) => {
        if (isLeft) return ready.close()
        opened = ready
        setSession(ready)
      })
      .catch((error: unknown) => setFailure(error))
    const online = () => opened?.retry()
    window.addEventListener('online', online)
    return () => {
      isLeft = true
      window.removeEventListener('online', online)
      opened?.close()
      setSession(undefined)
    }
  }, [client, userId, studyCode, assignmentId, reading])

  const state = useSyncExternalStore(
    (listener) => session?.subscribe(listener) ?? (() => undefined),
    () => session?.state(),
    () => undefined,
  )
  if (failure !== undefined) throw failure
  return session && state ? { session, state } : undefined
}
