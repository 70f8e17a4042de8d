import type { Analysis, EvaluationRow } from '@facetgrade/evaluation/evaluation-row'
import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import { agreementFigure } from '@facetgrade/report/figures/agreement-figure'
import { calibrationFigure } from '@facetgrade/report/figures/calibration-figure'
import { confusionFigure } from '@facetgrade/report/figures/confusion-figure'
import { decisionFigure } from '@facetgrade/report/figures/decision-figure'
import { differenceFigure } from '@facetgrade/report/figures/difference-figure'
import { distributionFigure } from '@facetgrade/report/figures/distribution-figure'
import type { Figure } from '@facetgrade/report/figures/figure'
import type { FigureSource } from '@facetgrade/report/figures/figure-source'
import { flowFigure } from '@facetgrade/report/figures/flow-figure'
import { readingTimeFigure } from '@facetgrade/report/figures/reading-time-figure'
import { rocFigure } from '@facetgrade/report/figures/roc-figure'
import { subgroupFigure } from '@facetgrade/report/figures/subgroup-figure'

/** What the person has chosen to look at; empty choices stand for all. */
export type Chosen = {
  readonly modality: Modality
  readonly features: readonly CellFeature[]
  readonly comparators: readonly string[]
}

/** The kinds of result, each with the analyses whose rows it shows as tables. */
export const VIEWS = [
  { id: 'performance', analyses: ['performance', 'patient_level'] },
  {
    id: 'comparison',
    analyses: ['performance', 'hypothesis', 'model_vs_reader', 'model_vs_panel', 'aided_vs_unaided'],
  },
  { id: 'grades', analyses: ['performance', 'grades', 'discrimination'] },
  { id: 'calibration', analyses: ['calibration'] },
  {
    id: 'agreement',
    analyses: [
      'agreement_pair',
      'agreement_group',
      'agreement_intra',
      'agreement_before_consensus',
      'agreement_difference',
    ],
  },
  { id: 'subgroups', analyses: ['performance', 'subgroup', 'interaction'] },
  { id: 'participants', analyses: ['performance'] },
  { id: 'readingTime', analyses: ['reading_time'] },
  { id: 'failures', analyses: ['performance'] },
  { id: 'secondLines', analyses: ['performance', 'performance_bootstrap'] },
] as const satisfies readonly { id: string; analyses: readonly Analysis[] }[]
export type View = (typeof VIEWS)[number]

/** Analyses that a view needs for its figures and does not list. */
const UNLISTED: Partial<Record<View['id'], readonly Analysis[]>> = {
  comparison: ['performance'],
  grades: ['performance'],
  subgroups: ['performance', 'subgroup', 'interaction'],
  participants: ['performance'],
  failures: ['performance'],
}

export function viewRows(
  { document }: FigureSource,
  view: View,
  chosen: Chosen,
): { analysis: Analysis; rows: readonly EvaluationRow[] }[] {
  const listed = view.analyses.filter((analysis) => !(UNLISTED[view.id] ?? []).some((one) => one === analysis))
  return listed.flatMap((analysis) => {
    const rows = document.rows.filter(
      (row) =>
        row.analysis === analysis &&
        isChosen(row, chosen) &&
        (row.subgroup === null || row.subgroup.by === 'level') &&
        (view.id === 'secondLines' && analysis === 'performance') === (row.missingRule !== null),
    )
    return rows.length === 0 ? [] : [{ analysis, rows }]
  })
}

/** Readers among themselves have no comparator to be chosen by. */
function isChosen(row: EvaluationRow, { modality, features, comparators }: Chosen): boolean {
  if (row.modality !== modality) return false
  if (row.feature !== null && !features.includes(row.feature)) return false
  if (row.analysis.startsWith('agreement') || row.analysis === 'reading_time') return true
  return (
    comparators.includes(row.comparator) ||
    row.comparator.startsWith('panel:') ||
    (row.against !== null && comparators.includes(row.against))
  )
}

export function viewFigures(source: FigureSource, view: View['id'], chosen: Chosen): Figure[] {
  return drawnIn(source, view, chosen).filter((figure) => figure.table.rows.length > 0)
}

function drawnIn(source: FigureSource, view: View['id'], { modality, features, comparators }: Chosen): Figure[] {
  const { protocol, document } = source
  switch (view) {
    case 'performance':
      return [
        rocFigure(source, modality, features),
        ...comparators.map((code) => confusionFigure(source, modality, code)),
      ]
    case 'comparison':
      return protocol.endpoints.primary.map((metric) => differenceFigure(source, modality, metric))
    case 'calibration':
      return [
        ...features.map((feature) => calibrationFigure(source, modality, feature)),
        decisionFigure(source, modality),
      ]
    case 'agreement': {
      const pairs = document.rows.filter((row) => row.analysis === 'agreement_pair').map((row) => row.comparator)
      return [...new Set(pairs)].map((pair) => agreementFigure(source, modality, pair))
    }
    case 'subgroups':
      return features.flatMap((feature) =>
        comparators
          .slice(0, 1)
          .flatMap((comparator) =>
            protocol.endpoints.primary.map((metric) =>
              subgroupFigure(source, { modality, feature, comparator, metric }),
            ),
          ),
      )
    case 'participants':
      return [flowFigure(source), distributionFigure(source, modality)]
    case 'readingTime':
      return [readingTimeFigure(source, modality)]
    default:
      return []
  }
}
