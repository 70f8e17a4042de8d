import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { BATCH, openModel } from '../../packages/inference/src/open-model.ts'
import { tinyGrader } from '../../packages/inference/test/tiny-model.ts'
import { asSystemIn } from '../../packages/testing/src/behind-the-wall.ts'
import { anInferenceStudy } from '../../packages/testing/src/inference-study.ts'
import type { World } from '../../packages/testing/src/study-world.ts'
import { TRAINING } from '../training-environment.ts'
import type { Installation } from './installation.ts'
import { load, type Measurement, median } from './measurement.ts'

const SCRIPT = join(import.meta.dirname, 'inferring.py')
const BATCHES = 10
const JOINTS = 10
const LOOK_MS = 20

type Grader = ReturnType<typeof tinyGrader>

/** The network alone against PyTorch, in turns on the same cores; then exams through the whole product. */
export async function inferring(
  at: Installation,
  { rounds, exams }: { rounds: number; exams: number },
): Promise<Measurement[]> {
  const python = join(TRAINING, '.venv', 'bin', 'python')
  if (!existsSync(python)) {
    process.stderr.write('inference: PyTorch skipped (needs models/training/.venv: pnpm train makes it)\n')
    return throughProduct(at, { model: tinyGrader(), exams, name: 'a tiny network' })
  }
  const peer = await startPeer(python, join(at.folder, 'bench.onnx'))
  try {
    const model = tinyGrader('ct', { id: 'bench', maximumDistance: 1e6, network: peer.network })
    return [
      ...(await besidePyTorch(peer, model, rounds)),
      ...(await throughProduct(at, { model, exams, name: 'the grader’s network' })),
    ]
  } finally {
    peer.stop()
  }
}

type Peer = { network: Uint8Array; seconds(layout: 'default' | 'channels_last'): Promise<number>; stop(): void }

async function startPeer(python: string, path: string): Promise<Peer> {
  const threads = availableParallelism()
  const child: ChildProcess = spawn(python, [SCRIPT, path, String(threads), String(BATCH), String(BATCHES)], {
    cwd: TRAINING,
    env: { ...process.env, PYTHONPATH: TRAINING },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const { stdin, stdout } = child
  if (!stdin || !stdout) throw new Error('PyTorch has no pipes')
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done) throw new Error('PyTorch ended before it answered')
    return value
  }
  // What an exporter prints comes before.
  while ((await next()) !== 'ready');
  return {
    network: readFileSync(path),
    async seconds(layout) {
      stdin.write(`${layout}\n`)
      return Number(await next())
    },
    stop: () => child.kill(),
  }
}

async function besidePyTorch(peer: Peer, { manifest, files }: Grader, rounds: number): Promise<Measurement[]> {
  const threads = availableParallelism()
  const model = await openModel({ manifest, files, provider: 'cpu', threads })
  const item = { crops: new Float32Array(8 * 64 * 64).fill(0.4), present: [1] }
  const items = Array.from({ length: BATCH }, () => item)
  const own = async (): Promise<number> => {
    const started = performance.now()
    for (let batch = 0; batch < BATCHES; batch += 1) await model.run({ role: 'grader', modality: 'ct' }, items)
    return (performance.now() - started) / 1000
  }
  const before = load()
  const seconds = { own: [] as number[], plain: [] as number[], last: [] as number[] }
  await own()
  for (let round = 0; round < rounds; round += 1) {
    seconds.own.push(await own())
    seconds.plain.push(await peer.seconds('default'))
    seconds.last.push(await peer.seconds('channels_last'))
  }
  await model.release()
  const rate = (times: readonly number[]) => (BATCHES * BATCH) / median(times)
  const n = `batches of ${BATCH}, median of ${rounds} rounds in turn, ${threads} threads`
  const line = (what: string, value: number, unit: string, budget: string): Measurement => ({
    what,
    value,
    unit,
    n,
    budget,
    load: before,
  })
  const [served, plain, last] = [rate(seconds.own), rate(seconds.plain), rate(seconds.last)]
  return [
    line('the grader’s network as it is served', served, 'joints/s', ''),
    line('the same in PyTorch, default layout', plain, 'joints/s', 'peer'),
    line('the same in PyTorch, channels last', last, 'joints/s', 'peer'),
    line('served / PyTorch default', served / plain, '×', '≥ 2 ×'),
    line('served / PyTorch channels last', served / last, '×', '≥ 1.2 ×'),
  ]
}

/** From the order to the written answers: queue, images by hash, decoding, crops, network, transaction. */
async function throughProduct(
  at: Installation,
  { model, exams, name }: { model: Grader; exams: number; name: string },
): Promise<Measurement[]> {
  const before = load()
  const { dataFolder } = at.product
  const study = await anInferenceStudy({ db: at.db, boss: at.boss, dataFolder }, { exams: exams + 2, model })
  const { world, studyCode, modelId, patients } = study
  const { caller } = world.as('modeller')
  const timed = async (work: () => Promise<unknown>, wanted: number): Promise<number> => {
    const started = performance.now()
    await work()
    await until(at, world, wanted)
    return (performance.now() - started) / 1000
  }
  const one = (index: number) => () =>
    caller.models.run({ studyCode, modelId, patientCode: patients[index]?.patientCode ?? '' })
  const cold = await timed(one(0), 1)
  const warm = await timed(one(1), 2)
  const whole = await timed(() => caller.models.run({ studyCode, modelId, parts: ['validation'] }), exams + 2)
  const line = (what: string, value: number, unit: string, n: string): Measurement => ({
    what: `${name} through the product: ${what}`,
    value,
    unit,
    n,
    budget: '',
    load: before,
  })
  return [
    line('one exam, model not yet open', cold, 's', `${JOINTS} joints, from the order to the last row`),
    line('one exam, model open', warm, 's', `${JOINTS} joints, from the order to the last row`),
    line('a study', (exams * JOINTS) / whole, 'joints/s', `${exams} exams of 32 slices of 96 × 96`),
  ]
}

async function until(at: Installation, world: World, records: number): Promise<void> {
  const where = { studyId: world.studyId }
  while ((await asSystemIn(at.db, world, (wall) => wall.inferenceRecord.count({ where }))) < records)
    await new Promise((next) => setTimeout(next, LOOK_MS))
}
