import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { FuzzAnswer, FuzzOrder } from './fuzz-order.ts'
import { fuzzSeeds } from './seeds.ts'

/**
 * `pnpm --filter @facetgrade/dicom fuzz [--seconds 60] [--seed text] [--only index]`: hostile files read for so long, each in a process that
 * may take 5 s of a processor and 512 MiB for one (issue budgets: design §6). Any crash, hang, excess or answer without a code fails, and
 * is named by seed and index, which make the same file again.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: 'facetgrade' },
    only: { type: 'string' },
  },
})
const MAX_FILE_MS = 5000
const MAX_RESIDENT_MIB = 512
const WATCH_MS = 20

const { seed } = values
const codes = new Map<string, number>()
const faults: string[] = []
let [slowestMs, residentMib, files] = [0, 0, 0]
const ends = performance.now() + Number(values.seconds) * 1000

const isOver = () => performance.now() > ends
const residentMibOf = (child: ChildProcess): number => {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
  return Number(kilobytes ?? 0) / 1024
}

/** Processor time, so that a neighbour on the machine does not count: user and system, in hundredths of a second (proc(5)). */
const processorMsOf = (child: ChildProcess): number => {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10
}

/** One child until it dies or time is up; answers where to go on. */
function watchChild(from: number, step: number): Promise<number> {
  const child = fork(join(import.meta.dirname, 'fuzz-child.ts'), [], { execArgv: ['--no-warnings', '--expose-gc'] })
  let current: { index: number; beganAtMs: number } | undefined
  let fault: string | undefined
  const kill = (why: string | undefined) => {
    fault = why
    child.kill('SIGKILL')
  }
  child.on('message', (answer: FuzzAnswer) => {
    if (answer.kind === 'ready') {
      const isSingle = values.only !== undefined
      return child.send({ seed, from, step, isSingle } satisfies FuzzOrder)
    }
    if (answer.kind === 'begun') {
      current = { index: answer.index, beganAtMs: processorMsOf(child) }
      return undefined
    }
    files += 1
    slowestMs = Math.max(slowestMs, answer.ms)
    codes.set(answer.code, (codes.get(answer.code) ?? 0) + 1)
    if (answer.fault) faults.push(`file ${answer.index}: ${answer.fault}`)
    return undefined
  })
  const watching = setInterval(() => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const resident = residentMibOf(child)
    residentMib = Math.max(residentMib, resident)
    if (resident > MAX_RESIDENT_MIB) kill(`${resident.toFixed(0)} MiB resident`)
    else if (current && processorMsOf(child) - current.beganAtMs > MAX_FILE_MS)
      kill(`more than ${MAX_FILE_MS / 1000} s`)
    else if (isOver()) kill(undefined)
  }, WATCH_MS)
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      clearInterval(watching)
      if (!isOver() && code !== 0) fault ??= `the process ended by ${signal ?? code}`
      if (fault && current) faults.push(`file ${current.index}: ${fault}`)
      resolve((current?.index ?? from) + step)
    })
  })
}

async function watchLane(lane: number, lanes: number): Promise<void> {
  for (let next = lane; !isOver(); ) next = await watchChild(next, lanes)
}

if (!fuzzSeeds().hasShared)
  process.stdout.write('skipped: mutants of real files (needs ../shared/data/dicom_robustness)\n')
if (values.only === undefined) {
  const lanes = availableParallelism()
  await Promise.all(Array.from({ length: lanes }, (_, lane) => watchLane(lane, lanes)))
} else await watchChild(Number(values.only), 1)

for (const [code, count] of [...codes].toSorted(([, a], [, b]) => b - a))
  process.stdout.write(`${String(count).padStart(8)}  ${code}\n`)
process.stdout.write(
  `${files} hostile files in ${values.seconds} s (seed ${seed}): slowest ${slowestMs.toFixed(0)} ms, most memory ${residentMib.toFixed(0)} MiB\n`,
)
for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`)
process.stdout.write(`${files - faults.length} passed, ${faults.length} failed\n`)
process.exitCode = faults.length > 0 || files === 0 ? 1 : 0
