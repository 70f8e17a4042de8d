import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { RunCounts, RunRow } from './model-run-store.ts'

type Context = Pick<OpenWall, 'stores' | 'asSystem' | 'queue'> & { actor: StudyActor }

export type RunState = 'working' | 'needs_a_person' | 'done' | 'cancelled'
export type RunProgress = RunRow & {
  readonly state: RunState
  readonly total: number
  readonly counts: RunCounts
  /** Over the last two minutes; null before the first exam is done. */
  readonly examsPerMinute: number | null
  readonly secondsLeft: number | null
}

const NOTHING: RunCounts = {
  waiting: 0,
  running: 0,
  done: 0,
  failed: 0,
  given_up: 0,
  cancelled: 0,
  wasThere: 0,
  recent: null,
  startedAt: null,
  finishedAt: null,
}
const MINUTE = 60

/** Newest first, a page, each with how far it is. */
export async function listRuns(
  ctx: Pick<Context, 'stores' | 'asSystem' | 'actor'>,
  page: { after: string | undefined; limit: number },
): Promise<{ rows: readonly RunProgress[]; next: string | null }> {
  const purpose = ctx.actor.role === 'coordinator' ? 'propose_points' : undefined
  const rows = await asSeen(ctx, ({ modelRuns }) => modelRuns.list(ctx.actor.studyId, { ...page, purpose }))
  const counts = await ctx.asSystem(({ modelRuns }) => modelRuns.counts(rows.map(({ runId }) => runId)))
  return {
    rows: rows.map((row) => progressOf(row, counts.get(row.runId) ?? NOTHING)),
    next: rows.length === page.limit ? (rows.at(-1)?.runId ?? null) : null,
  }
}

export async function showRun(
  ctx: Pick<Context, 'stores' | 'asSystem' | 'actor'>,
  runId: string,
): Promise<RunProgress> {
  const run = await visibleRun(ctx, runId)
  const counts = await ctx.asSystem(({ modelRuns }) => modelRuns.counts([runId]))
  return progressOf(run, counts.get(runId) ?? NOTHING)
}

/** What waits is dropped; an exam that a worker has in hand is still finished. */
export async function cancelRun(ctx: Context, runId: string): Promise<void> {
  await visibleRun(ctx, runId)
  if (!(await ctx.stores.modelRuns.cancel(runId, ctx.actor.userId))) throw new StudyError('RUN_CANCELLED')
  await ctx.stores.audit.write({ action: 'run.cancelled', object: 'ModelRun', objectId: runId })
}

/** Puts failed exams, or one of them, into the queue again. */
export async function retryFailed(ctx: Context, { runId, examId }: { runId: string; examId?: string | undefined }) {
  const run = await visibleRun(ctx, runId)
  if (run.cancelledAt !== null) throw new StudyError('RUN_CANCELLED')
  const { studyId } = ctx.actor
  const examIds = await ctx.stores.modelRuns.retry(runId, examId)
  if (examIds.length === 0) throw new StudyError('NOTHING_FAILED')
  await ctx.queue.enqueueAll(
    'exam.infer',
    examIds.map((id) => ({ studyId, runId, examId: id })),
  )
  await ctx.stores.audit.write({
    action: 'run.retried',
    object: 'ModelRun',
    objectId: runId,
    new: { exams: examIds.length },
  })
  return { exams: examIds.length }
}

/** Leaves failed exams, or one of them, without a result, for a stated reason. */
export async function giveUpFailed(
  ctx: Context,
  { runId, examId, reason }: { runId: string; examId?: string | undefined; reason: string },
) {
  await visibleRun(ctx, runId)
  const exams = await ctx.stores.modelRuns.giveUp(runId, examId)
  if (exams === 0) throw new StudyError('NOTHING_FAILED')
  await ctx.stores.audit.write({
    action: 'run.given_up',
    object: 'ModelRun',
    objectId: runId,
    new: { exams, ...(examId === undefined ? {} : { examId }) },
    why: reason,
  })
  return { exams }
}

export async function visibleRun(ctx: Pick<Context, 'stores' | 'asSystem' | 'actor'>, runId: string): Promise<RunRow> {
  const run = await asSeen(ctx, ({ modelRuns }) => modelRuns.find(runId))
  if (!run || (ctx.actor.role === 'coordinator' && run.purpose !== 'propose_points')) throw new StudyError('NOT_FOUND')
  return run
}

/** Coordinator and monitor may know a model's name and not its row: for them the system reads, and the caller narrows. */
const asSeen = <T>(
  { stores, asSystem, actor }: Pick<Context, 'stores' | 'asSystem' | 'actor'>,
  read: (stores: OpenWall['stores']) => Promise<T>,
): Promise<T> => (actor.role === 'coordinator' || actor.role === 'monitor' ? asSystem(read) : read(stores))

function progressOf(run: RunRow, counts: RunCounts): RunProgress {
  const open = counts.waiting + counts.running
  const pace = counts.recent !== null && counts.recent.seconds > 0 ? counts.recent.exams / counts.recent.seconds : 0
  const total = open + counts.done + counts.failed + counts.given_up + counts.cancelled
  const isWorking = open > 0
  return {
    ...run,
    state:
      run.cancelledAt !== null ? 'cancelled' : isWorking ? 'working' : counts.failed > 0 ? 'needs_a_person' : 'done',
    total,
    counts,
    examsPerMinute: pace > 0 ? pace * MINUTE : null,
    secondsLeft: isWorking && pace > 0 ? open / pace : null,
  }
}
