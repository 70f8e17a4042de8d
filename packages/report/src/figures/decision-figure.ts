import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { Modality } from '@facetgrade/grading/modality'
import * as Plot from '@observablehq/plot'
import { drawing, type Panel } from '../drawing/svg.ts'
import { count, decimal } from '../words/format-number.ts'
import { axisLabel } from './axis-label.ts'
import type { Figure } from './figure.ts'
import type { FigureSource } from './figure-source.ts'
import { FAINT, INK, MUTED, plotBase } from './style.ts'

type Decision = EvaluationDocument['decisionCurves'][number]

/** Net benefit over the threshold at which one would act, at the protocol's cut of each feature. */
export function decisionFigure(source: FigureSource, modality: Modality): Figure {
  const { labels, document, protocol } = source
  const { words } = labels
  const curves = document.decisionCurves.filter(
    (one) =>
      one.modality === modality &&
      protocol.endpoints.cutGrades.some(
        (cut) => cut.modality === modality && cut.feature === one.feature && cut.cutGrade === one.cutGrade,
      ),
  )
  const title = words.figure.decision.title(labels.modality(modality))
  const ns = [...new Set(curves.map((one) => count(one.n)))]
  const unit = `${words.perUnit.joint}; ${ns.length === 1 ? `n = ${ns[0]}` : curves.map((one) => `${labels.feature(one.feature)}: n = ${count(one.n)}`).join(', ')}`
  const description = curves
    .map((one) => {
      const half = one.points.reduce((best, point) =>
        Math.abs(point.threshold - 0.5) < Math.abs(best.threshold - 0.5) ? point : best,
      )
      return `${labels.feature(one.feature)}: ${words.column.threshold} ${decimal(half.threshold, 2)}: ${words.column.netBenefit} ${decimal(half.model)}, ${words.column.netBenefitAll} ${decimal(half.all)}`
    })
    .join('; ')
  return {
    id: `decision-${modality}`,
    kind: 'decision',
    title,
    caption: words.sentence([words.figure.decision.caption, `${unit}${words.stop}`]),
    description: curves.length === 0 ? words.figure.nothing : description,
    span: 'page',
    table: {
      columns: [
        { header: words.column.feature, isNumeric: false },
        { header: words.column.threshold, isNumeric: true },
        { header: words.column.netBenefit, isNumeric: true },
        { header: words.column.netBenefitAll, isNumeric: true },
      ],
      rows: curves.flatMap((one) =>
        one.points.map((point) => [
          labels.feature(one.feature),
          decimal(point.threshold, 2),
          decimal(point.model),
          decimal(point.all),
        ]),
      ),
    },
    draw: (dom, size) =>
      drawing(dom, size, {
        figure: { title, description },
        columns: 3,
        footer: [unit, ...source.warning],
        panels: curves.map(
          (curve): Panel => ({
            title: `${labels.feature(curve.feature)}, ${words.gradeAtLeast(curve.cutGrade)}`,
            draw: (width) => ({
              element: plot(curve, {
                dom,
                width,
                font: size.font,
                x: words.figure.decision.x,
                y: words.figure.decision.y,
              }),
              height: width * 0.8,
            }),
          }),
        ),
      }),
  }
}

function plot(
  { points, prevalence }: Decision,
  { dom, width, font, x, y }: { dom: Document; width: number; font: number; x: string; y: string },
): Element {
  return Plot.plot({
    ...plotBase(dom, { width, font }),
    height: width * 0.8,
    marginLeft: font * 3.8,
    marginBottom: font * 3.2,
    marginTop: font * 0.6,
    marginRight: font * 0.9,
    x: {
      domain: [0, 1],
      ticks: [0, 0.5, 1],
      tickFormat: String,
      label: null,
      tickSize: font * 0.35,
      tickPadding: font * 0.3,
    },
    // Below a little under 0 acting on everyone falls without end: that part says nothing.
    y: {
      domain: [-0.1, Math.max(0.1, prevalence * 1.05)],
      ticks: 4,
      tickFormat: (value: number) => decimal(value, 1),
      label: null,
      tickSize: font * 0.35,
      tickPadding: font * 0.3,
      clamp: true,
    },
    marks: [
      Plot.frame({ stroke: FAINT, strokeWidth: 0.5 }),
      Plot.ruleY([0], { stroke: FAINT, strokeWidth: 0.75 }),
      Plot.line(
        points.filter((point) => point.all >= -0.1),
        { x: 'threshold', y: 'all', stroke: MUTED, strokeWidth: 0.9, strokeDasharray: '3,2' },
      ),
      Plot.line(points, { x: 'threshold', y: 'model', stroke: INK, strokeWidth: 1.25 }),
      axisLabel(x, { frameAnchor: 'bottom', dy: font * 2.7 }),
      axisLabel(y, { frameAnchor: 'left', dx: -font * 3.3, rotate: -90 }),
    ],
  })
}
