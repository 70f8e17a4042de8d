import type { Part } from '@facetgrade/grading/part'
import type { DemoPeople, DemoPerson, OnProgress } from './demo-people.ts'

const POLL_MS = 500

/** What became of a run: exams answered, and those that came to nothing after every attempt. */
export type ModelRun = { model: string; exams: number; failed: number }

/** Every grader that is registered in the study predicts these parts, on this person's order, one after another. */
export async function runGraders(
  { studyCode }: DemoPeople,
  { api }: DemoPerson,
  parts: readonly Part[],
  onProgress: OnProgress,
): Promise<ModelRun[]> {
  const models = await api.models.list.query({ studyCode })
  const runs: ModelRun[] = []
  for (const { modelId, slug, kind, state } of models) {
    if (kind !== 'grader' || state !== 'registered') continue
    const { runId } = await api.models.run.mutate({ studyCode, modelId, parts: [...parts] })
    runs.push({ model: slug ?? modelId, ...(await followed(api, { studyCode, runId }, onProgress)) })
  }
  return runs
}

async function followed(
  api: DemoPerson['api'],
  run: { studyCode: string; runId: string },
  onProgress: OnProgress,
): Promise<{ exams: number; failed: number }> {
  for (;;) {
    const { state, total, counts } = await api.models.showRun.query(run)
    onProgress(counts.done + counts.failed + counts.given_up + counts.cancelled, total)
    if (state !== 'working') return { exams: total, failed: counts.failed }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
