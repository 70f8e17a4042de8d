import { type Figure, PRINT_SIZE } from '../figures/figure.ts'
import { figuresOf } from '../figures/figures-of.ts'
import { type ReportInput, reportSource } from '../sections/report-source.ts'
import { figureSvg } from './node-figure-svg.ts'
import { figurePdf } from './node-pdf.ts'

export const FIGURE_FORMATS = ['svg', 'pdf'] as const
export type FigureFormat = (typeof FIGURE_FORMATS)[number]

export type FigureListing = Pick<Figure, 'id' | 'kind' | 'title' | 'caption' | 'description' | 'span'>

/** What there is to draw, in the order of a paper. */
export const figureList = (input: ReportInput): FigureListing[] =>
  figuresOf(reportSource(input)).map(({ id, kind, title, caption, description, span }) => ({
    id,
    kind,
    title,
    caption,
    description,
    span,
  }))

/**
 * One figure as a file at a journal's width: 85 mm (`column`) or 170 mm (`page`); its own width where none is asked for.
 *
 * @returns undefined where the evaluation has no figure of this id
 */
export async function figureFile(
  input: ReportInput,
  of: { readonly id: string; readonly format: FigureFormat; readonly span?: Figure['span'] | undefined },
): Promise<Uint8Array | undefined> {
  const figure = figuresOf(reportSource(input)).find(({ id }) => id === of.id)
  if (!figure) return undefined
  const size = PRINT_SIZE[of.span ?? figure.span]
  return of.format === 'svg'
    ? Buffer.from(await figureSvg(figure, size))
    : figurePdf(figure, size, input.context.createdAt)
}
