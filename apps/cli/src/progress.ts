export type ProgressSize = { total: number; unit: string }
export type Progress = {
  /** Sets what is done so far, with a note such as `12.3 MB/s`. */
  at(done: number, note?: string): void
  /** Ends the line. */
  end(): void
}

const BAR_WIDTH = 28
const TERMINAL_EVERY_MS = 100
const LOG_EVERY_MS = 5000

/** A bar that is redrawn in a terminal; elsewhere one plain line every five seconds. */
export function startProgress(
  size: ProgressSize,
  to: { write: (text: string) => void; isTerminal: boolean; now: () => number },
): Progress {
  const started = to.now()
  let lastWrite = started
  let last: { done: number; note: string } = { done: 0, note: '' }
  const line = (): string => {
    const seconds = (to.now() - started) / 1000
    const rate = seconds > 0 ? last.done / seconds : 0
    const left = rate > 0 ? (size.total - last.done) / rate : undefined
    const bar = '█'.repeat(size.total > 0 ? Math.floor((BAR_WIDTH * last.done) / size.total) : 0).padEnd(BAR_WIDTH, '░')
    const parts = [
      `${bar} ${last.done}/${size.total} ${size.unit}`,
      `${rate.toFixed(rate < 10 ? 1 : 0)} ${size.unit}/s`,
      last.note,
    ]
    if (left !== undefined && last.done < size.total) parts.push(`${duration(left)} left`)
    return parts.filter((part) => part !== '').join(' · ')
  }
  const write = () => to.write(to.isTerminal ? `\r${line()}\u001b[K` : `${line()}\n`)
  return {
    at(done, note = '') {
      last = { done, note }
      if (to.now() - lastWrite < (to.isTerminal ? TERMINAL_EVERY_MS : LOG_EVERY_MS)) return
      lastWrite = to.now()
      write()
    },
    end() {
      write()
      if (to.isTerminal) to.write('\n')
    },
  }
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
