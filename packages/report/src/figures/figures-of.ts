import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import { agreementFigure } from './agreement-figure.ts'
import { calibrationFigure } from './calibration-figure.ts'
import { confusionFigure } from './confusion-figure.ts'
import { decisionFigure } from './decision-figure.ts'
import { differenceFigure } from './difference-figure.ts'
import { distributionFigure } from './distribution-figure.ts'
import type { Figure } from './figure.ts'
import type { FigureSource } from './figure-source.ts'
import { flowFigure } from './flow-figure.ts'
import { readingTimeFigure } from './reading-time-figure.ts'
import { rocFigure } from './roc-figure.ts'
import { subgroupFigure } from './subgroup-figure.ts'

/** Modalities and features that the evaluation has results of, in the protocol's order. */
export function questionsOf({ document, protocol }: FigureSource): { modality: Modality; features: CellFeature[] }[] {
  const order: readonly CellFeature[] = [...protocol.features.map((one) => one.feature), 'severity']
  return protocol.modalities
    .map((modality) => ({
      modality,
      features: order.filter((feature) =>
        document.rows.some((row) => row.modality === modality && row.feature === feature),
      ),
    }))
    .filter(({ features }) => features.length > 0)
}

/** Every figure of an evaluation, in the order of a paper. Those without anything to draw are left out. */
export function figuresOf(source: FigureSource): Figure[] {
  const { document, protocol } = source
  const compared = document.comparators.filter(({ kind }) => kind !== 'reference_reader').map(({ code }) => code)
  const pairs = [
    ...new Set(document.rows.filter((row) => row.analysis === 'agreement_pair').map((row) => row.comparator)),
  ]
  const metric = protocol.endpoints.primary[0] ?? 'f1'
  const figures = [
    flowFigure(source),
    ...questionsOf(source).flatMap(({ modality, features }): Figure[] => [
      distributionFigure(source, modality),
      rocFigure(source, modality, features),
      ...protocol.endpoints.primary.map((primary) => differenceFigure(source, modality, primary)),
      ...compared.map((comparator) => confusionFigure(source, modality, comparator)),
      ...features.map((feature) => calibrationFigure(source, modality, feature)),
      decisionFigure(source, modality),
      ...pairs.map((pair) => agreementFigure(source, modality, pair)),
      readingTimeFigure(source, modality),
      ...features.flatMap((feature) =>
        compared.slice(0, 1).map((comparator) => subgroupFigure(source, { modality, feature, comparator, metric })),
      ),
    ]),
  ]
  return figures.filter((figure) => figure.table.rows.length > 0)
}
