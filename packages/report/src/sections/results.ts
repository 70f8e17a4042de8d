import type { Analysis, EvaluationRow } from '@facetgrade/evaluation/evaluation-row'
import type { Modality } from '@facetgrade/grading/modality'
import { agreementFigure } from '../figures/agreement-figure.ts'
import { calibrationFigure } from '../figures/calibration-figure.ts'
import { confusionFigure } from '../figures/confusion-figure.ts'
import { decisionFigure } from '../figures/decision-figure.ts'
import { differenceFigure } from '../figures/difference-figure.ts'
import { distributionFigure } from '../figures/distribution-figure.ts'
import type { Figure } from '../figures/figure.ts'
import { questionsOf } from '../figures/figures-of.ts'
import { flowFigure } from '../figures/flow-figure.ts'
import { readingTimeFigure } from '../figures/reading-time-figure.ts'
import { rocFigure } from '../figures/roc-figure.ts'
import { subgroupFigure } from '../figures/subgroup-figure.ts'
import { count, decimal } from '../words/format-number.ts'
import { estimateText, resultText } from '../words/result-text.ts'
import type { Block } from './block.ts'
import type { ReportSource } from './report-source.ts'
import { marginText, resultTables } from './result-table.ts'
import { tableOne } from './table-one.ts'

const FAILURES_A_QUESTION = 5

/** Every analysis of the plan in the order of a paper; one that the evaluation does not have is left out. */
export function resultsSection(source: ReportSource): Block[] {
  const { say, document, protocol } = source
  const questions = questionsOf(source)
  const compared = document.comparators.filter(({ kind }) => kind !== 'reference_reader').map(({ code }) => code)
  const groupOf = (code: string) => document.comparators.find((one) => one.code === code)?.group
  // Within a group; every pair stands in the table.
  const pairs = [...new Set(rowsOf(source, 'agreement_pair').map((row) => row.comparator))].filter(
    (pair) => new Set(pair.split('+').map(groupOf)).size === 1,
  )
  const modalities = questions.map(({ modality }) => modality)
  const perModality = (figure: (modality: Modality) => Figure | readonly Figure[]): Block[] =>
    modalities.flatMap((modality) => figures(figure(modality)))
  const first = protocol.endpoints.primary[0] ?? 'f1'
  const characteristics = tableOne(source)
  return [
    { kind: 'heading', level: 1, id: 'results', text: say.section.results },
    ...part('participants', source, [...figures(flowFigure(source)), ...(characteristics ? [characteristics] : [])]),
    ...part(
      'distribution',
      source,
      perModality((modality) => distributionFigure(source, modality)),
    ),
    ...part('performance', source, tables(source, 'performance')),
    ...part('hypotheses', source, hypothesisTable(source)),
    ...part('differences', source, [
      ...perModality((modality) =>
        protocol.endpoints.primary.map((metric) => differenceFigure(source, modality, metric)),
      ),
      ...tables(source, 'model_vs_reader', { withAgainst: true, withP: true }),
    ]),
    ...part('panel', source, tables(source, 'model_vs_panel', { withAgainst: true, withP: true, withTarget: true })),
    ...part('aided', source, tables(source, 'aided_vs_unaided', { withAgainst: true, withP: true, withTarget: true })),
    ...part(
      'roc',
      source,
      questions.flatMap(({ modality, features }) => figures(rocFigure(source, modality, features))),
    ),
    ...part(
      'confusion',
      source,
      perModality((modality) => compared.map((code) => confusionFigure(source, modality, code))),
    ),
    ...part('patientLevel', source, tables(source, 'patient_level')),
    ...part('grades', source, tables(source, 'grades')),
    ...part('discrimination', source, tables(source, 'discrimination')),
    ...part('calibration', source, [
      ...operatingPoints(source),
      ...tables(source, 'calibration'),
      ...questions.flatMap(({ modality, features }) =>
        features.flatMap((feature) => figures(calibrationFigure(source, modality, feature))),
      ),
      ...perModality((modality) => decisionFigure(source, modality)),
    ]),
    ...part('agreement', source, [
      ...(
        [
          'agreement_before_consensus',
          'agreement_pair',
          'agreement_group',
          'agreement_intra',
          'agreement_difference',
        ] as const
      ).flatMap((analysis) =>
        tables(source, analysis, {
          withAgainst: analysis === 'agreement_intra' || analysis === 'agreement_difference',
        }),
      ),
      ...perModality((modality) => pairs.map((pair) => agreementFigure(source, modality, pair))),
    ]),
    ...part('readingTime', source, [
      ...tables(source, 'reading_time'),
      ...perModality((modality) => readingTimeFigure(source, modality)),
    ]),
    ...part('missing', source, [...missingTable(source), ...missingRules(source)]),
    ...part(
      'subgroups',
      source,
      questions.flatMap(({ modality, features }) =>
        features.flatMap((feature) =>
          compared
            .slice(0, 1)
            .flatMap((comparator) => figures(subgroupFigure(source, { modality, feature, comparator, metric: first }))),
        ),
      ),
    ),
    ...part('failures', source, failures(source)),
    ...part('bootstrap', source, tables(source, 'performance_bootstrap')),
  ]
}

type Options = { withAgainst?: boolean; withP?: boolean; withTarget?: boolean }

const rowsOf = ({ document }: ReportSource, analysis: Analysis): EvaluationRow[] =>
  document.rows.filter((row) => row.analysis === analysis && row.missingRule === null && row.subgroup === null)

const figures = (one: Figure | readonly Figure[]): Block[] =>
  [one]
    .flat()
    .filter((figure) => figure.table.rows.length > 0)
    .map((figure) => ({ kind: 'figure', figure }))

function part(id: keyof ReportSource['say']['section'], { say }: ReportSource, blocks: readonly Block[]): Block[] {
  return blocks.length === 0 ? [] : [{ kind: 'heading', level: 2, id, text: say.section[id] }, ...blocks]
}

function questionText({ labels }: ReportSource, row: EvaluationRow): string {
  const { words } = labels
  const cut =
    row.cutGrade === null || row.analysis === 'discrimination' || row.analysis === 'calibration'
      ? ''
      : `, ${words.gradeAtLeast(row.cutGrade)}`
  const target =
    row.referenceModality === null || row.referenceModality === row.modality
      ? ''
      : `, ${words.againstModality(labels.modality(row.referenceModality))}`
  return `${labels.modality(row.modality)}${row.feature === null ? '' : `, ${labels.feature(row.feature)}`}${cut}${target}`
}

function tables(source: ReportSource, analysis: Analysis, options: Options = {}): Block[] {
  const { labels } = source
  const { words } = labels
  const rows = rowsOf(source, analysis)
  // A cut of its own in the heading would tear one question apart into those with and those without a cut.
  const cuts = new Map(
    rows.flatMap((row) => (row.cutGrade === null ? [] : [[`${row.modality}/${row.feature}`, row.cutGrade] as const])),
  )
  const heading = (row: EvaluationRow): string =>
    questionText(source, { ...row, cutGrade: row.cutGrade ?? cuts.get(`${row.modality}/${row.feature}`) ?? null })
  return resultTables(source, rows, {
    id: `table-${analysis.replaceAll('_', '-')}`,
    caption: words.analysis[analysis],
    heading,
    withP: options.withP ?? false,
    labels: [
      { header: words.column.comparator, value: (row) => labels.rater(row.comparator) },
      ...(options.withAgainst
        ? [
            {
              header: words.column.against,
              value: (row: EvaluationRow) =>
                `${row.against === null ? '' : labels.rater(row.against)}${options.withTarget ? `, ${words.target[row.result.target]}` : ''}`,
            },
          ]
        : []),
    ],
  })
}

function hypothesisTable(source: ReportSource): Block[] {
  const { labels, say } = source
  const { words } = labels
  const rows = rowsOf(source, 'hypothesis')
  const decision = (isRejected: boolean | null | undefined): string =>
    typeof isRejected !== 'boolean' ? '–' : isRejected ? say.table.shown : say.table.notShown
  if (rows.length === 0) return []
  return [
    {
      kind: 'table',
      id: 'table-hypothesis',
      caption: `${words.analysis.hypothesis}. ${words.perUnit[rows[0]?.result.unit ?? 'joint']}${words.stop}`,
      columns: [
        { header: say.table.family, isNumeric: false, share: 1.3 },
        { header: words.column.feature, isNumeric: false, share: 1.6 },
        { header: words.column.against, isNumeric: false, share: 1.2 },
        { header: words.column.estimate, isNumeric: true, share: 1.5 },
        { header: say.table.margin, isNumeric: true, share: 0.7 },
        { header: words.column.p, isNumeric: true, share: 0.7 },
        { header: words.column.pAdjusted, isNumeric: true, share: 0.8 },
        { header: say.table.decision, isNumeric: false, share: 0.9 },
      ],
      rows: rows.map((row) => {
        const text = resultText(words, row.metric, row.result, true)
        return [
          `${row.result.family ?? ''}\n${words.hypothesisKind[row.hypothesis?.kind ?? 'difference']}, ${words.metric[row.metric]}`,
          `${labels.modality(row.modality)}, ${row.feature === null ? '' : labels.feature(row.feature)}`,
          `${row.against === null ? '' : labels.rater(row.against)}, ${words.target[row.result.target]}`,
          `${estimateText(words, row.metric, row.result, true)}\n${say.table.ofUnits(text.n, text.patients)}`,
          typeof row.hypothesis?.margin === 'number' ? marginText(row.hypothesis.margin) : '–',
          text.p,
          text.pAdjusted,
          decision(row.hypothesis?.isRejected),
        ]
      }),
      notes: [words.figure.forest.caption(decimal(100 * source.document.level, 0) + '%', null)],
    },
  ]
}

function operatingPoints(source: ReportSource): Block[] {
  const { labels, say, document } = source
  const { words } = labels
  if (document.operatingPoints.length === 0) return []
  return [
    {
      kind: 'table',
      id: 'table-operating-points',
      caption: `${say.table.operatingPoints}. ${words.perUnit.joint}${words.stop}`,
      columns: [
        { header: words.column.comparator, isNumeric: false },
        { header: words.column.feature, isNumeric: false, share: 1.6 },
        { header: say.table.rule, isNumeric: true },
        { header: words.column.sensitivity, isNumeric: true },
        { header: words.metric.specificity, isNumeric: true },
        { header: words.column.n, isNumeric: true },
        { header: words.column.patients, isNumeric: true },
      ],
      rows: document.operatingPoints.map((one) => [
        labels.rater(one.comparator),
        `${labels.modality(one.modality)}, ${labels.feature(one.feature)}, ${words.gradeAtLeast(one.cutGrade)}`,
        one.threshold === null ? words.notDefinedBecause(words.reason.no_operating_point) : decimal(one.threshold),
        one.sensitivity === null ? '–' : decimal(one.sensitivity),
        one.specificity === null ? '–' : decimal(one.specificity),
        count(one.n),
        count(one.patients),
      ]),
      notes: [],
    },
  ]
}

/** Open cells by who left them open: the same counts in every metric of a question, shown once. */
function missingTable(source: ReportSource): Block[] {
  const { labels, say } = source
  const { words } = labels
  const rows = rowsOf(source, 'performance').filter((row) => row.metric === 'accuracy')
  if (rows.length === 0) return []
  const kinds = ['raterNotAssessable', 'raterNotGraded', 'referenceNotAssessable', 'referenceNotGraded'] as const
  return [
    {
      kind: 'table',
      id: 'table-missing',
      caption: `${say.table.missingTitle}. ${words.perUnit.joint}${words.stop}`,
      columns: [
        { header: words.column.feature, isNumeric: false, share: 1.6 },
        { header: words.column.comparator, isNumeric: false },
        { header: words.column.n, isNumeric: true },
        ...kinds.map((kind) => ({ header: say.table.rater[kind], isNumeric: true })),
      ],
      rows: rows.map((row) => [
        `${labels.modality(row.modality)}, ${row.feature === null ? '' : labels.feature(row.feature)}`,
        labels.rater(row.comparator),
        count(row.result.n),
        ...kinds.map((kind) => count(row.result.missing[kind])),
      ]),
      notes: [],
    },
  ]
}

function missingRules(source: ReportSource): Block[] {
  const { labels, document, protocol } = source
  const { words } = labels
  const metrics: readonly string[] = [...protocol.endpoints.primary, 'weighted_kappa']
  const rows = document.rows.filter(
    (row) => row.analysis === 'performance' && row.missingRule !== null && metrics.includes(row.metric),
  )
  return resultTables(source, rows, {
    id: 'table-missing-rules',
    caption: words.list(Object.values(words.missingRule)),
    heading: (row) => questionText(source, { ...row, cutGrade: null }),
    labels: [
      { header: words.column.comparator, value: (row) => labels.rater(row.comparator) },
      {
        header: words.column.missing,
        value: (row) => (row.missingRule === null ? '' : words.missingRule[row.missingRule]),
      },
    ],
  })
}

function failures(source: ReportSource): Block[] {
  const { labels, say, document } = source
  const { words } = labels
  const worst = [
    ...Map.groupBy(document.gallery, (one) => `${one.comparator}/${one.modality}/${one.feature}`).values(),
  ].flatMap((group) => [...group].sort((a, b) => Math.abs(b.error) - Math.abs(a.error)).slice(0, FAILURES_A_QUESTION))
  if (worst.length === 0) return []
  return [
    {
      kind: 'table',
      id: 'table-failures',
      caption: `${say.section.failures}. ${words.perUnit.joint}${words.stop}`,
      columns: [
        { header: words.column.comparator, isNumeric: false },
        { header: words.column.feature, isNumeric: false, share: 1.6 },
        { header: say.table.patient, isNumeric: false, share: 1.3 },
        { header: say.table.joint, isNumeric: false },
        { header: words.column.referenceGrade, isNumeric: true },
        { header: say.table.answered, isNumeric: true },
        { header: say.table.error, isNumeric: true },
      ],
      rows: worst.map((one) => [
        labels.rater(one.comparator),
        `${labels.modality(one.modality)}, ${labels.feature(one.feature)}`,
        one.patientCode,
        `${labels.level(one.level)} ${labels.side(one.side)}`,
        String(one.reference),
        String(one.answered),
        one.error > 0 ? `+${one.error}` : decimal(one.error, 0),
      ]),
      notes: [say.table.failureNote],
    },
  ]
}
