import { modelOnDisk, shippedIds } from '../../apps/cli/src/shipped-model.ts'
import { type PhantomExam, phantomCase } from '../../apps/cli/test/phantom-exams.ts'
import { LEVELS } from '../../packages/grading/src/joint.ts'
import { pointsByJoint } from '../../packages/grading/src/points.ts'
import { cropCt } from '../../packages/inference/src/crop-volume.ts'
import { openExam } from '../../packages/inference/src/exam-volumes.ts'
import { cropJoint } from '../../packages/inference/src/joint-crop.ts'
import { openModel } from '../../packages/inference/src/open-model.ts'
import { proposePoints } from '../../packages/inference/src/propose-points.ts'
import { runCase } from '../../packages/inference/src/run-case.ts'
import type { Volume } from '../../packages/inference/src/volume.ts'
import { shippedProtocol } from '../../packages/inference/test/shipped-protocol.ts'
import { load, type Measurement, median } from './measurement.ts'

const BUDGET = '≤ 3 ms a crop'

/** The resampler alone, on volumes that are open; then a whole exam from files in memory to grades, one thread. */
export async function cropping({ runs }: { runs: number }): Promise<Measurement[]> {
  const measurements: Measurement[] = []
  const note = (what: string, milliseconds: readonly number[], { budget = '', unit = 'ms' } = {}): void => {
    measurements.push({
      what,
      value: median(milliseconds),
      unit,
      n: `median of ${milliseconds.length}`,
      budget,
      load: load(),
    })
  }
  note('crop of a thin CT (512 × 512, 0.35 mm, slices 0.625 mm)', timesOf(runs * 20, thinCt()), { budget: BUDGET })
  const { exams } = await phantomCase({
    seed: 'bench',
    index: 0,
    modalities: ['CT', 'MR', 'DX'],
    prevalence: 'natural',
    protocol: shippedProtocol(),
  })
  for (const exam of exams)
    note(`crop of a phantom's ${exam.images.modality}`, await cropTimes(exam, runs), { budget: BUDGET })
  const graderId = shippedIds().find((id) => id.endsWith('grader'))
  const localiserId = shippedIds().find((id) => id.endsWith('localiser'))
  if (graderId === undefined || localiserId === undefined) return measurements
  const grader = await openModel({ ...(await modelOnDisk(graderId)), provider: 'cpu', threads: 1 })
  const localiser = await openModel({ ...(await modelOnDisk(localiserId)), provider: 'cpu', threads: 1 })
  for (const { images, points } of exams) {
    const input = { protocol: shippedProtocol(), images, levels: [...LEVELS], points }
    note(
      `${images.modality} exam, files in memory to 10 joints' grades`,
      await times(runs, () => runCase(grader, input)),
    )
    if (images.modality !== 'xray')
      note(
        `${images.modality} exam, files in memory to proposed points`,
        await times(runs, () => proposePoints(localiser, input)),
      )
  }
  await grader.release()
  await localiser.release()
  return measurements
}

async function times(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = []
  for (let run = 0; run <= count; run += 1) {
    const started = performance.now()
    await work()
    // The first one compiles.
    if (run > 0) taken.push(performance.now() - started)
  }
  return taken
}

async function cropTimes({ images, points }: PhantomExam, runs: number): Promise<number[]> {
  const exam = openExam(images)
  const joints = [...pointsByJoint(points).values()]
  const all = async () => {
    for (const own of joints) {
      const [point] = own
      if (point) await cropJoint(exam, { side: point.side, points: own, extent: 'seen' })
    }
  }
  await all()
  return (await times(runs, all)).map((milliseconds) => milliseconds / joints.length)
}

function timesOf(count: number, work: (run: number) => unknown): number[] {
  for (let run = 0; run < 20; run += 1) work(run)
  return Array.from({ length: count }, (_, run) => {
    const started = performance.now()
    work(run)
    return performance.now() - started
  })
}

function thinCt(): (run: number) => unknown {
  const [size, pixelMm, slices, sliceMm] = [512, 0.35, 60, 0.625]
  const volume: Volume = {
    rows: size,
    columns: size,
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    normal: [0, 0, 1],
    rowSpacingMm: pixelMm,
    columnSpacingMm: pixelMm,
    isNegated: false,
    slices: Array.from({ length: slices }, (_, slice) => ({
      values: Int16Array.from({ length: size * size }, (_value, at) => (at * (slice + 3)) % 2048),
      slope: 1,
      intercept: -1024,
      position: [(-size * pixelMm) / 2, (-size * pixelMm) / 2, slice * sliceMm] as const,
    })),
  }
  return (run) =>
    cropCt(volume, {
      pointMm: [(run % 7) - 3, run % 5, (slices * sliceMm) / 2 + (run % 3) / 3],
      side: run % 2 === 0 ? 'left' : 'right',
      extent: 'seen',
    })
}
