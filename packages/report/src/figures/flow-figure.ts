import { PARTS } from '@facetgrade/grading/part'
import { drawing, round, svgElement } from '../drawing/svg.ts'
import { wrapText } from '../drawing/text-width.ts'
import { count } from '../words/format-number.ts'
import type { Figure } from './figure.ts'
import type { FigureSource } from './figure-source.ts'
import { INK, PAPER } from './style.ts'

type Box = { readonly lines: readonly string[]; readonly x: number; readonly width: number; readonly isAside?: boolean }

/** From what was received to what was analysed (STARD 2015 item 19), patients and, at the end, joints. */
export function flowFigure(source: FigureSource): Figure {
  const { labels, document, protocol } = source
  const { words, language } = labels
  const { flow } = document
  const text = words.figure.flow
  const patients = (n: number): string => words.units.patient(n)
  const reasons = flow.excluded.map(({ criterion, patients: n }) =>
    text.reason(
      criterion,
      protocol.eligibility.criteria.find((one) => one.code === criterion)?.text[language] ?? '',
      count(n),
    ),
  )
  const partOf = (part: (typeof PARTS)[number]) => flow.parts.find((one) => one.part === part)
  const parts = PARTS.flatMap((part) => {
    const found = partOf(part)
    return found ? [found] : []
  })
  const analysed = flow.analysed.filter((one) => one.patients > 0)
  const rows: [string, string][] = [
    [text.enrolled, count(flow.enrolled)],
    [text.notScreened, count(flow.notScreened)],
    [text.excluded, count(flow.excludedPatients)],
    ...flow.excluded.map((one, i): [string, string] => [reasons[i] ?? one.criterion, count(one.patients)]),
    [text.eligible, count(flow.eligible)],
    ...parts.flatMap((one): [string, string][] => [
      [text.allocated(labels.part(one.part)), count(one.patients)],
      ...(one.withdrawn > 0
        ? [[`${labels.part(one.part)}, ${text.withdrawn}`, count(one.withdrawn)] as [string, string]]
        : []),
    ]),
    ...analysed.flatMap((one): [string, string][] => [
      [`${text.analysed}, ${labels.modality(one.modality)}, ${words.column.patients}`, count(one.patients)],
      [
        `${text.analysed}, ${labels.modality(one.modality)}, ${text.joints(words.unit.joint)}`,
        count(one.jointsWithReference),
      ],
    ]),
  ]
  const description = rows.map(([name, n]) => `${name}: ${n}`).join('; ')
  return {
    id: 'flow',
    kind: 'flow',
    title: text.title,
    caption: words.sentence([`${words.perUnit.patient}${words.stop}`, flow.excluded.length > 1 ? text.several : '']),
    description,
    span: 'page',
    table: {
      columns: [
        { header: words.column.box, isNumeric: false },
        { header: words.column.n, isNumeric: true },
      ],
      rows,
    },
    draw: (dom, size) =>
      drawing(dom, size, {
        figure: { title: text.title, description },
        columns: 1,
        footer: [words.perUnit.patient, ...source.warning],
        panels: [
          {
            title: '',
            draw: (width) => {
              const { font } = size
              const half = width * 0.46
              const aside = { x: width * 0.54, width: width * 0.46, isAside: true }
              const third = (width - 2 * font) / 3
              const leftOut: Box[] =
                flow.excludedPatients === 0 && flow.notScreened === 0
                  ? []
                  : [
                      {
                        ...aside,
                        lines: [
                          ...(flow.notScreened > 0 ? [`${text.notScreened}: ${count(flow.notScreened)}`] : []),
                          `${text.excluded}: ${patients(flow.excludedPatients)}`,
                          ...reasons.map((reason) => `– ${reason}`),
                        ],
                      },
                    ]
              const tiers: Box[][] = [
                [{ lines: [`${text.enrolled}: ${patients(flow.enrolled)}`], x: 0, width: half }],
                leftOut,
                [{ lines: [`${text.eligible}: ${patients(flow.eligible)}`], x: 0, width: half }],
                parts.map((one, i) => ({
                  lines: [
                    text.allocated(labels.part(one.part)),
                    patients(one.patients),
                    ...(one.withdrawn > 0 ? [`${count(one.withdrawn)} ${text.withdrawn}`] : []),
                  ],
                  x: i * (third + font),
                  width: third,
                })),
                analysed.length === 0
                  ? []
                  : [
                      {
                        lines: analysed.map(
                          (one) =>
                            `${text.analysed}, ${labels.modality(one.modality)}: ${patients(one.patients)}, ${text.joints(words.units.joint(one.jointsWithReference))}`,
                        ),
                        x: width * 0.4,
                        width: width * 0.6,
                      },
                    ],
              ]
              return boxes(
                dom,
                tiers.filter((tier) => tier.length > 0),
                { width, font },
              )
            },
          },
        ],
      }),
  }
}

function boxes(
  dom: Document,
  tiers: readonly Box[][],
  { font, width }: { font: number; width: number },
): { element: Element; height: number } {
  const group = svgElement(dom, 'svg', { fill: INK })
  const gap = font * 1.6
  const pad = font * 0.6
  let y = font * 0.3
  let from: { x: number; y: number } | undefined
  for (const tier of tiers) {
    const lines = tier.map((box) => box.lines.flatMap((line) => wrapText(line, box.width - 2 * pad, font)))
    const height = Math.max(...lines.map((text) => text.length)) * font * 1.3 + 2 * pad
    const isAside = tier[0]?.isAside === true
    for (const [i, box] of tier.entries()) {
      const middle = box.x + box.width / 2
      if (from && isAside) {
        group.append(
          line(dom, [
            [from.x, from.y],
            [from.x, y + height / 2],
            [box.x, y + height / 2],
          ]),
        )
      } else if (from) {
        const turn = y - gap / 2
        const isAbove = tier.length === 1 && from.x > box.x && from.x < box.x + box.width
        const into = isAbove ? from.x : middle
        group.append(
          line(dom, [
            [from.x, from.y],
            [from.x, turn],
            [into, turn],
            [into, y],
          ]),
        )
      }
      const texts = lines[i] ?? []
      group.append(
        svgElement(dom, 'rect', {
          x: round(box.x + 0.4),
          y: round(y),
          width: round(box.width - 0.8),
          height: round(height),
          fill: PAPER,
          stroke: INK,
          'stroke-width': 0.75,
        }),
        ...texts.map((text, k) =>
          svgElement(dom, 'text', { x: round(box.x + pad), y: round(y + pad + font * (1 + 1.3 * k)) }, [text]),
        ),
      )
    }
    const last = tier.at(-1)
    if (!isAside && last)
      from = {
        x: tier.length === 1 ? last.x + Math.min(last.width / 2, width * 0.23) : last.x + last.width / 2,
        y: y + height,
      }
    y += height + gap
  }
  return { element: group, height: y - gap + font * 0.3 }
}

const line = (dom: Document, points: readonly (readonly [number, number])[]): Element =>
  svgElement(dom, 'path', {
    d: points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${round(x)},${round(y)}`).join(''),
    fill: 'none',
    stroke: INK,
    'stroke-width': 0.75,
  })
