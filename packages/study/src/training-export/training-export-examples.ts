import type { ExamplesOf } from '../example.ts'
import type { trainingExportRouter } from './training-export-router.ts'

const asked = { labels: 'readers', modalities: ['ct'] }

export const trainingExportExamples: ExamplesOf<typeof trainingExportRouter> = {
  begin: { input: asked },
  cases: { input: asked },
}
