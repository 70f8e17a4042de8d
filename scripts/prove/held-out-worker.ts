import { parentPort, workerData } from 'node:worker_threads'
import { modelOnDisk } from '../../apps/cli/src/shipped-model.ts'
import { type PhantomExam, phantomCase, truthKey } from '../../apps/cli/test/phantom-exams.ts'
import type { CellKey, CellValue } from '../../packages/grading/src/cell.ts'
import { LEVELS } from '../../packages/grading/src/joint.ts'
import { jointSeverities } from '../../packages/grading/src/joint-severity.ts'
import { cumulative } from '../../packages/grading/src/prediction.ts'
import { type OpenModel, openModel } from '../../packages/inference/src/open-model.ts'
import { proposePoints } from '../../packages/inference/src/propose-points.ts'
import { runCase } from '../../packages/inference/src/run-case.ts'
import { shippedProtocol } from '../../packages/inference/test/shipped-protocol.ts'
import type { DicomModality } from '../../packages/phantom/src/exam-context.ts'
import type { CellRow, HeldOut, PointRow } from './held-out-rows.ts'

export type HeldOutTask = {
  seed: string
  indices: number[]
  modalities: DicomModality[]
  grader: string
  localiser: string | null
}

const task = workerData as HeldOutTask
const protocol = shippedProtocol()
const open = async (id: string): Promise<OpenModel> =>
  openModel({ ...(await modelOnDisk(id)), provider: 'cpu', threads: 1 })

const grader = await open(task.grader)
const localiser = task.localiser === null ? undefined : await open(task.localiser)
for (const index of task.indices) {
  const { patientId, ageYears, sex, exams } = await phantomCase({ ...task, index, prevalence: 'natural', protocol })
  const found: HeldOut = {
    cells: [],
    points: [],
    abstained: {},
    milliseconds: { grading: 0, joints: 0, locating: 0, exams: 0 },
  }
  for (const exam of exams) {
    await grade(exam, { patient: patientId, ageYears, sex }, found)
    if (localiser) await locate(localiser, exam, found)
  }
  parentPort?.postMessage(found)
}
await grader.release()
await localiser?.release()

async function grade(
  exam: PhantomExam,
  who: Pick<CellRow, 'patient' | 'ageYears' | 'sex'>,
  found: HeldOut,
): Promise<void> {
  const { modality } = exam.images
  const started = performance.now()
  const { grades } = await runCase(grader, { protocol, images: exam.images, levels: [...LEVELS], points: exam.points })
  found.milliseconds.grading += performance.now() - started
  found.milliseconds.joints += grades.length
  const cells: { cell: CellKey; value: CellValue }[] = []
  for (const { level, side, features } of grades) {
    for (const { feature, output } of features) {
      if (output.kind === 'abstained') {
        if (output.reason !== 'modality_unsupported')
          found.abstained[output.reason] = (found.abstained[output.reason] ?? 0) + 1
        continue
      }
      if (feature !== 'severity')
        cells.push({ cell: { level, side, feature }, value: { kind: 'graded', grade: output.grade } })
      const truth = exam.truth.get(truthKey(level, side, feature))
      if (truth === undefined) continue
      found.cells.push({
        ...who,
        modality,
        level,
        feature,
        truth,
        grade: output.grade,
        atLeast: cumulative(output.probabilities),
      })
    }
  }
  for (const { level, side, severity } of jointSeverities(protocol, modality, cells)) {
    const truth = exam.truth.get(truthKey(level, side, 'severity'))
    if (truth === undefined || severity.kind !== 'exact') continue
    found.cells.push({
      ...who,
      modality,
      level,
      feature: 'severity-by-rule',
      truth,
      grade: severity.grade,
      atLeast: null,
    })
  }
}

async function locate(model: OpenModel, { images, points }: PhantomExam, found: HeldOut): Promise<void> {
  const { modality } = images
  if (modality === 'xray' || !model.has('localiser-sagittal', modality)) return
  const started = performance.now()
  const { points: proposed } = await proposePoints(model, { images, levels: [...LEVELS] })
  found.milliseconds.locating += performance.now() - started
  found.milliseconds.exams += 1
  const real = points.flatMap((point) => (point.kind === 'lps' ? [point] : []))
  for (const truth of real) {
    const own = proposed.find(({ point }) => point.level === truth.level && point.side === truth.side)?.point
    const row: PointRow = { modality, level: truth.level, errorMm: null, nearestLevel: null }
    if (own?.kind === 'lps') {
      const distanceTo = (mm: readonly number[]): number =>
        Math.hypot(...own.mm.map((at, axis) => at - (mm[axis] ?? 0)))
      const sameSide = real.filter(({ side }) => side === truth.side)
      row.errorMm = distanceTo(truth.mm)
      row.nearestLevel = sameSide.toSorted((a, b) => distanceTo(a.mm) - distanceTo(b.mm))[0]?.level ?? null
    }
    found.points.push(row)
  }
}
