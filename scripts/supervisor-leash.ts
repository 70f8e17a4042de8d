/** Loaded into every child before its own code: when the supervisor is gone, however it went, so is the child. */
import { flushCompileCache } from 'node:module'

const GRACE_MS = 8000
const FLUSH_AFTER_MS = 5000

// A process that is killed writes no cache at its end, and it is its successor that is in a hurry.
setTimeout(flushCompileCache, FLUSH_AFTER_MS).unref()

process.on('disconnect', () => {
  setTimeout(() => process.exit(0), GRACE_MS).unref()
  process.kill(process.pid, 'SIGTERM')
})
