import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { beginExport, LabelSource } from './begin-export.ts'
import { ExportedPage, exportCases } from './export-cases.ts'

const asked = { labels: LabelSource, modalities: z.array(Modality).min(1) }

export const trainingExportRouter = router({
  /** What the export stands on; refuses with the first reason against it. */
  begin: studyProcedure({ roles: ['modeller'], input: asked }).mutation(({ ctx, input }) => beginExport(ctx, input)),
  /** Training and validation patients, a page at a time. */
  cases: studyProcedure({ roles: ['modeller'], input: { ...asked, after: z.string().max(20).optional() } })
    .output(ExportedPage)
    .query(({ ctx, input }) => exportCases(ctx, input)),
})
