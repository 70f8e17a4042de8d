import type { DemoPeople } from './demo-people.ts'

const POLL_MS = 500

/**
 * One evaluation, which is what a visitor opens first. An evaluation that stands and is current is the answer.
 *
 * @param perform  does the job where no worker does
 */
export async function evaluateStudy(
  { studyCode, statistician }: DemoPeople,
  perform?: (runId: string) => Promise<void>,
): Promise<{ evaluationId: string }> {
  const { api } = statistician
  const [latest] = await api.evaluation.list.query({ studyCode })
  if (latest && !latest.isStale) return { evaluationId: latest.evaluationId }
  const { runId } = await api.evaluation.run.mutate({ studyCode })
  await perform?.(runId)
  for (;;) {
    const { state, evaluationId, failure } = await api.evaluation.follow.query({ studyCode, runId })
    if (evaluationId !== null) return { evaluationId }
    if (state !== 'waiting' && state !== 'running') throw new Error(`evaluation ${state}: ${failure ?? 'no reason'}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
