import type { Figure } from '@facetgrade/report/figures/figure'
import { type FigureFormat, figureFile, figureList } from '@facetgrade/report/render/node-figure-file'
import { type ReportFormat, reportFile } from '@facetgrade/report/render/node-report-file'
import type { ReportInput } from '@facetgrade/report/sections/report-source'

/** One file of an evaluation. */
export type ReportTask = {
  readonly input: ReportInput
  readonly file:
    | { readonly kind: 'report'; readonly format: ReportFormat }
    | {
        readonly kind: 'figure'
        readonly id: string
        readonly format: FigureFormat
        readonly span?: Figure['span'] | undefined
      }
    | { readonly kind: 'figures' }
}

/** @returns undefined for a figure that the evaluation does not have */
export async function reportTask({ input, file }: ReportTask): Promise<Uint8Array | undefined> {
  switch (file.kind) {
    case 'report':
      return reportFile(input, file.format)
    case 'figure':
      return figureFile(input, file)
    case 'figures':
      return Buffer.from(`${JSON.stringify(figureList(input), null, 2)}\n`)
  }
}
