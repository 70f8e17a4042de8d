import { type Environment, parseEnvironment } from './environment.ts'
import { buildServer } from './server.ts'

const environment = environmentOrExit()
const app = await buildServer(environment)
let isClosing = false

// Signals come twice (terminal and supervisor); the supervisor's disappearance counts as one.
const close = () => {
  if (isClosing) return
  isClosing = true
  setTimeout(() => process.exit(0), 5000).unref()
  app.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
process.on('SIGTERM', close)
process.on('SIGINT', close)
process.on('disconnect', close)

await app.listen({ host: environment.FACETGRADE_HOST, port: environment.FACETGRADE_PORT })
process.send?.({ ready: true })

function environmentOrExit(): Environment {
  try {
    return parseEnvironment(process.env)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  }
}
