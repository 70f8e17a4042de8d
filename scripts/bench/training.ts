import { spawnSync } from 'node:child_process'
import { z } from 'zod'
import { suitablePython, TRAINING, trainingPython } from '../training-environment.ts'
import { load, type Measurement } from './measurement.ts'

const Rates = z.object({
  own: z.number(),
  bare: z.number(),
  batch: z.number(),
  rounds: z.number(),
  threads: z.number(),
})

/** Training with cutting and augmentation against a bare loop over one ready batch; nothing without a suitable Python. */
export function training(): Measurement[] {
  const python = suitablePython()
  if (python === undefined) {
    process.stderr.write('training: skipped (needs Python 3.11)\n')
    return []
  }
  const before = load()
  const done = spawnSync(trainingPython(python), ['-m', 'facetgrade_training.benchmark'], {
    cwd: TRAINING,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (done.status !== 0) throw new Error('the training benchmark failed')
  const { own, bare, batch, rounds, threads } = Rates.parse(JSON.parse(done.stdout))
  const n = `batches of ${batch}, median of ${rounds} rounds in turn, ${threads} threads`
  return [
    { what: 'training with augmentation', value: own, unit: 'images/s', n, budget: '≥ .95 × bare', load: before },
    { what: 'the same network in a bare PyTorch loop', value: bare, unit: 'images/s', n, budget: 'peer', load: before },
    { what: 'training / bare loop', value: own / bare, unit: '×', n, budget: '≥ .95 ×', load: before },
  ]
}
