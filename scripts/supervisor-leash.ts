/** Loaded into every child before its own code: when the supervisor is gone, however it went, so is the child. */
const GRACE_MS = 8000

process.on('disconnect', () => {
  setTimeout(() => process.exit(0), GRACE_MS).unref()
  process.kill(process.pid, 'SIGTERM')
})
