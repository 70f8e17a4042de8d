import { openBlobFolder } from '@facetgrade/storage/blob-store'
import { failureOf } from './failure-of.ts'
import { type LoadedModel, loadModel } from './load-model.ts'
import type { FromModel, ToModel } from './model-message.ts'

// A model's own process (model-processes.ts): opens it once, then answers exams one after the other.
let loaded: Promise<LoadedModel> | undefined

process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToModel) => {
  if (message.kind === 'open') {
    loaded = open(message)
    loaded.catch(() => undefined) // said by `open`
    return
  }
  void answer(message)
})

async function open(message: Extract<ToModel, { kind: 'open' }>): Promise<LoadedModel> {
  try {
    const model = await loadModel(message, {
      models: await openBlobFolder(message.folders.models),
      blobs: await openBlobFolder(message.folders.blobs),
    })
    const { executionProvider, versions } = model
    tell({ kind: 'ready', executionProvider, versions })
    return model
  } catch (error) {
    tell({ kind: 'refused', ...failureOf(error) })
    throw error
  }
}

async function answer({ task, purpose, exam }: Extract<ToModel, { kind: 'exam' }>): Promise<void> {
  try {
    const model = await loaded
    if (!model) throw new Error('an exam came before the model')
    const started = performance.now()
    if (purpose === 'predict') {
      const grades = await model.grade(exam)
      tell({ kind: 'graded', task, grades, elapsedMs: performance.now() - started })
    } else {
      const proposed = await model.propose(exam)
      tell({ kind: 'proposed', task, proposed, elapsedMs: performance.now() - started })
    }
  } catch (error) {
    tell({ kind: 'failed', task, ...failureOf(error) })
  }
}

function tell(message: FromModel): void {
  process.send?.(message)
}
