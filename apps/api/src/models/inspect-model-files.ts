import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { InspectedModel } from '@facetgrade/study/models/register-model'
import type { ToInspect } from './inspect-message.ts'

const CHILD = join(import.meta.dirname, 'inspect-main.ts')
const PATIENCE_MS = 120_000

/**
 * Inspects a model in a process that is killed when it takes too long; one that dies of the model's files refuses them.
 * The answer comes from our own program and is taken as it is.
 */
export function inspectModelFiles(asked: ToInspect): Promise<InspectedModel> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, { execArgv: ['--no-warnings'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
    child.once('message', (inspected) => resolve(inspected as InspectedModel))
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(patience)
      // After an answer this changes nothing: the promise is settled.
      if (code === 1) reject(new Error('the inspection of a model failed; the log says why'))
      else resolve(unreadable(asked))
    })
    child.send(asked)
  })
}

const unreadable = ({ manifest, card }: ToInspect): InspectedModel => ({
  hash: createHash('sha256').update(manifest).digest('hex'),
  summary: null,
  manifest: null,
  card: card ?? '',
  networks: [],
  pixelPrefixes: [],
  problems: [{ code: 'CANNOT_RUN', at: null }],
})
