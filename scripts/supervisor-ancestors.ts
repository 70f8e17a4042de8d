import { existsSync, readFileSync } from 'node:fs'

const INTERVAL_MS = 1000
const RUNNER = /\b(npx|npm|pnpm)\b/

/**
 * Calls `gone` once when one of the package runners that started this process has died. A signal that reaches only the
 * outermost of them (`npx`) would otherwise leave everything running. Where there is no /proc nothing is watched.
 */
export function watchRunners(gone: () => void): () => void {
  const chain = runnersOf(process.pid)
  const timer = setInterval(() => {
    if (chain.every(({ pid, parent }) => parentOf(pid) === parent)) return
    clearInterval(timer)
    gone()
  }, INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** This process and each ancestor up to the outermost runner, with its parent as it is now. */
function runnersOf(pid: number): { pid: number; parent: number }[] {
  const chain: { pid: number; parent: number; isRunner: boolean }[] = []
  for (let at = pid; ; ) {
    const parent = parentOf(at)
    if (parent === undefined || parent <= 1) break
    chain.push({ pid: at, parent, isRunner: RUNNER.test(commandOf(parent)) })
    at = parent
  }
  return chain.slice(0, chain.findLastIndex(({ isRunner }) => isRunner) + 1)
}

function parentOf(pid: number): number | undefined {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return undefined
  try {
    return Number(
      readFileSync(file, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    )
  } catch {
    return undefined // it ended between the two lines
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
