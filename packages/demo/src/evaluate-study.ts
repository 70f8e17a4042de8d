import type { DemoPeople } from './demo-people.ts'

/** One evaluation, which is what a visitor opens first. An evaluation that stands and is current is the answer. */
export async function evaluateStudy({ studyCode, statistician }: DemoPeople): Promise<{ evaluationId: string }> {
  const { api } = statistician
  const [latest] = await api.evaluation.list.query({ studyCode })
  if (latest && !latest.isStale) return { evaluationId: latest.evaluationId }
  const { evaluationId } = await api.evaluation.run.mutate({ studyCode })
  return { evaluationId }
}
