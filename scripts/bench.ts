import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { cropping } from './bench/cropping.ts'
import { evaluating } from './bench/evaluating.ts'
import { exporting } from './bench/exporting.ts'
import { firstImage } from './bench/first-image.ts'
import { grading } from './bench/grading.ts'
import { importing } from './bench/importing.ts'
import { inferring } from './bench/inferring.ts'
import { anInstallation, type Installation } from './bench/installation.ts'
import { HEAD, type Measurement, row } from './bench/measurement.ts'
import { training } from './bench/training.ts'

// `pnpm bench [import|grading|first-image|export|evaluate …] [--full]`: measures the budgets on the product as it runs here.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { full: { type: 'boolean', default: false } },
})
const isFull = values.full
const BENCHES: Readonly<Record<string, (at: Installation) => Promise<Measurement[]>>> = {
  import: (at) => importing(at, { files: isFull ? 2000 : 400, runs: 3 }),
  grading: (at) => grading(at, { seconds: isFull ? 60 : 10, runs: 3 }),
  'first-image': (at) => firstImage(at, { cases: isFull ? 200 : 80 }),
  export: (at) => exporting(at, { runs: 3 }),
  infer: (at) => inferring(at, { rounds: isFull ? 30 : 9, exams: isFull ? 200 : 40 }),
  training: () => Promise.resolve(training()),
  crops: () => cropping({ runs: isFull ? 30 : 8 }),
  evaluate: () => evaluating({ rReplicates: isFull ? 20 : 4 }),
}
const chosen = positionals.length === 0 ? Object.keys(BENCHES) : positionals
const unknown = chosen.filter((name) => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0) {
  process.stderr.write(`no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`)
  process.exit(2)
}

const at = await anInstallation()
try {
  const [cpu] = cpus()
  const memory = (totalmem() / 1024 ** 3).toFixed(0)
  const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${memory} GiB, Node ${process.version}`
  process.stdout.write(`${new Date().toISOString().slice(0, 10)}, ${machine}, clients on the same machine\n\n${HEAD}\n`)
  for (const name of chosen) {
    for (const measurement of (await BENCHES[name]?.(at)) ?? []) process.stdout.write(`${row(measurement)}\n`)
  }
} finally {
  await at.close()
}
