import { EmbeddedPostgresError, startEmbeddedPostgres } from '../packages/db/src/embedded-postgres.ts'

// The embedded server's keeper: a process of its own, so that the server never outlives the supervisor and is started
// again by the same rule as every other child.
const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: supervisor-postgres.ts <folder>')

try {
  const server = await startEmbeddedPostgres(folder)
  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    server.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  void server.exited.then(() => process.exit(isStopping ? 0 : 1))
  process.send?.({ ready: true, appUrl: server.appUrl, ownerUrl: server.ownerUrl, clusterFolder: server.clusterFolder })
} catch (error) {
  if (!(error instanceof EmbeddedPostgresError)) throw error
  process.send?.({ refusal: error.message })
  process.exit(1)
}
