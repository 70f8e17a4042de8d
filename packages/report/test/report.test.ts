import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import { strFromU8, unzipSync } from 'fflate'
import { DOMParser, parseHTML } from 'linkedom'
import { beforeAll, describe, expect, test } from 'vitest'
import { ARTEFACTS } from '../src/checklists/artefacts.ts'
import { drawnFigure } from '../src/drawing/node-drawing.ts'
import { PRINT_SIZE } from '../src/figures/figure.ts'
import { figureSource } from '../src/figures/figure-source.ts'
import { figuresOf } from '../src/figures/figures-of.ts'
import { reportHtml } from '../src/render/html.ts'
import { reportDocx } from '../src/render/node-docx.ts'
import { figureFile } from '../src/render/node-figure-file.ts'
import { reportPdf } from '../src/render/node-pdf.ts'
import { reportFile } from '../src/render/node-report-file.ts'
import { CHECKLISTS } from '../src/sections/evidence.ts'
import { reportBlocks } from '../src/sections/report-blocks.ts'
import { type ReportInput, reportSource } from '../src/sections/report-source.ts'
import { decimal } from '../src/words/format-number.ts'
import { LANGUAGES, type Language } from '../src/words/language.ts'
import { aSimulatedReport } from './simulated-report.ts'

let material: Omit<ReportInput, 'language'>
const input = (language: Language): ReportInput => ({ ...material, language })
const figuresIn = (language: Language) => figuresOf(figureSource(material.document, material.protocol, language))
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

beforeAll(async () => {
  material = await aSimulatedReport({ patients: 24, modalities: ['ct'] })
}, 60_000)

describe('figures', () => {
  test('show the numbers of the rows, and draw them where their axis says', () => {
    const roc = figuresIn('en').find(({ id }) => id === 'roc-ct')
    if (!roc) throw new Error('no ROC figure')
    const { document } = parseHTML(drawnFigure(roc, PRINT_SIZE.page))
    const readers = material.document.roc.filter(
      ({ comparator, feature, cutGrade, at }) => comparator === 'J1' && feature === 'narrowing' && cutGrade === 1 && at,
    )
    expect(readers).toHaveLength(1)
    const at = readers[0]?.at
    if (!at) throw new Error('no point')
    const title = `J1 at sensitivity ${decimal(at.sensitivity)} and 1 − specificity ${decimal(at.falsePositiveRate)}`
    const mark = [...document.querySelectorAll('path')].find(
      (path) => path.querySelector('title')?.textContent === title,
    )
    const moved = /translate\(([\d.]+),([\d.]+)\)/.exec(mark?.getAttribute('transform') ?? '')
    // The frame of the panel is the unit square.
    const frame = document.querySelector('rect')
    const side = (name: string): number => Number(frame?.getAttribute(name))
    expect(Number(moved?.[1])).toBeCloseTo(side('x') + at.falsePositiveRate * side('width'), 0)
    expect(Number(moved?.[2])).toBeCloseTo(side('y') + (1 - at.sensitivity) * side('height'), 0)
  })

  test('of differences print estimate and interval of the very row', () => {
    const forest = figuresIn('en').find(({ id }) => id === 'difference-f1-ct')
    const row = material.document.rows.find(
      ({ analysis, against, feature, metric, score }) =>
        analysis === 'model_vs_reader' &&
        against === 'J2' &&
        feature === 'cyst' &&
        metric === 'f1' &&
        score === 'operating_point',
    )
    if (!forest || !row?.result.ci || row.result.estimate === null) throw new Error('no row')
    const { estimate, ci } = row.result
    const text = `${decimal(estimate)} (${decimal(ci.lower)}, ${decimal(ci.upper)})`
    expect(drawnFigure(forest, PRINT_SIZE.page)).toContain(text)
    expect(forest.table.rows.some((cells) => cells.includes(decimal(estimate)))).toBe(true)
  })

  test.each(LANGUAGES)('have in %s a title, a caption with its unit, a text alternative and a table', (language) => {
    const figures = figuresIn(language)
    expect(figures.length).toBeGreaterThan(20)
    for (const figure of figures) {
      expect(figure.title).not.toBe('')
      expect(figure.caption).toMatch(language === 'en' ? /Unit: (joint|patient|reading)/ : /单位：(关节|患者|阅片)/)
      expect(figure.description.length).toBeGreaterThan(20)
      expect(figure.table.rows.every((row) => row.length === figure.table.columns.length)).toBe(true)
      expect(`${figure.title}${figure.caption}${figure.description}`).not.toMatch(/undefined|NaN|\[object/)
    }
    expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length)
  })

  test('carry the warning of synthetic data, text of at least 7 points, and no colour name that print lacks', () => {
    for (const figure of figuresIn('en')) {
      const svg = drawnFigure(figure, PRINT_SIZE[figure.span])
      expect(svg).toContain('Synthetic phantoms; says nothing about patients.')
      expect(svg).not.toContain('currentColor')
      for (const [, size] of svg.matchAll(/font-size="([\d.]+)"/g)) expect(Number(size)).toBeGreaterThanOrEqual(7)
    }
  })

  test('go out as SVG with their glyphs inside and as PDF with its font inside, both as wide as a column', async () => {
    const of = { id: 'roc-ct', span: 'column' } as const
    const svg = Buffer.from((await figureFile(input('zh'), { ...of, format: 'svg' })) ?? []).toString()
    expect(svg).toContain('width="85.02mm"')
    expect(svg).toContain("font-family:'Noto Sans SC';font-weight:400;src:url(data:font/woff2;base64,")
    expect(new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('svg')).not.toBeNull()
    const pdf = Buffer.from((await figureFile(input('zh'), { ...of, format: 'pdf' })) ?? []).toString('latin1')
    expect(pdf).toContain('/MediaBox [0 0 241 ')
    expect(pdf).toContain('/FontFile2')
    expect(await figureFile(input('en'), { id: 'no-such-figure', format: 'svg' })).toBeUndefined()
  })
})

describe.each(LANGUAGES)('the report in %s', (language) => {
  test('says as HTML everything that a paper needs, and links evidence that is there', async () => {
    const html = Buffer.from(await reportFile(input(language), 'html')).toString()
    const { document } = parseHTML(html)
    const ids = new Set([...document.querySelectorAll('[id]')].map(({ id }) => id))
    for (const section of [
      'facts',
      'methods',
      'results',
      'limitations',
      'artefacts',
      'checklists',
      'performance',
      'agreement',
      'missing',
    ])
      expect([...ids]).toContain(section)
    for (const link of document.querySelectorAll('a[href^="#"]'))
      expect(ids).toContain(link.getAttribute('href')?.slice(1))
    expect(document.querySelectorAll('#table-artefacts tbody tr')).toHaveLength(ARTEFACTS.length)
    expect(ARTEFACTS).toHaveLength(21)
    for (const { id, items } of CHECKLISTS)
      expect(document.querySelectorAll(`#table-${id} tbody tr`)).toHaveLength(items.length)
    expect(document.body.textContent).not.toMatch(/undefined|NaN|\[object/)
    expect(html).not.toMatch(/(src|href)="https?:/)
  })

  test('is as DOCX a file whose parts are well-formed, with the text of the methods and every figure', async () => {
    const files = unzipSync(await reportFile(input(language), 'docx'))
    const names = Object.keys(files)
    for (const name of names.filter((one) => /\.(xml|rels)$/.test(one)))
      assertWellFormed(strFromU8(files[name] ?? new Uint8Array()))
    const text = strFromU8(files['word/document.xml'] ?? new Uint8Array())
    expect(text).toContain(language === 'en' ? 'sampling unit the patient' : '抽样单位为患者')
    expect(names.filter((name) => name.endsWith('.svg')).length).toBeGreaterThan(20)
    expect(text.match(/descr="[^"]{20,}"/g)?.length).toBeGreaterThan(20)
  })

  test('is as PDF several pages long, with every font inside', async () => {
    const pdf = await reportFile(input(language), 'pdf')
    expect(Number(/\/Count (\d+)/.exec(Buffer.from(pdf).toString('latin1'))?.[1])).toBeGreaterThan(10)
    // Names, then: embedded, subset, with the text that the glyphs stand for. Empty where the machine has no pdffonts.
    expect(pdfFonts(pdf).filter((line) => !/NotoSansSC.* yes yes yes/.test(line))).toEqual([])
  })
})

test('the same evaluation gives the same bytes in every format', async () => {
  // Few figures are enough: what could differ are ids and clocks.
  const source = reportSource(input('en'))
  const blocks = reportBlocks(source)
  const few = blocks.filter((block) => block.kind !== 'figure' || block.figure.kind === 'forest')
  const made = {
    html: () => Buffer.from(reportHtml(source, few, '')),
    pdf: () => reportPdf(source, few),
    docx: () => reportDocx(source, few),
  }
  for (const [format, make] of Object.entries(made)) {
    expect({ format, hash: sha256(await make()) }).toEqual({ format, hash: sha256(await make()) })
  }
}, 60_000)

test('an evaluation in which nothing is defined still renders, and every undefined number says why', async () => {
  const empty = structuredClone(material.document)
  for (const row of empty.rows)
    Object.assign(row.result, {
      estimate: null,
      se: null,
      ci: null,
      df: null,
      n: 0,
      clusters: 0,
      p: null,
      pAdjusted: null,
      flags: [],
      bound: null,
      reason: 'no_units',
    })
  const document = EvaluationDocument.parse({
    ...empty,
    roc: [],
    calibration: [],
    decisionCurves: [],
    confusion: [],
    readingTimes: [],
    gallery: [],
    distributions: [],
  })
  const html = Buffer.from(await reportFile({ ...material, document, language: 'en' }, 'html')).toString()
  expect(html).toContain('no joint was graded by both')
  expect(html).not.toMatch(/NaN|undefined/)
  for (const figure of figuresOf(figureSource(document, material.protocol, 'zh'))) {
    expect(drawnFigure(figure, PRINT_SIZE[figure.span])).not.toMatch(/NaN|Infinity/)
  }
}, 60_000)

function assertWellFormed(xml: string): void {
  const open: string[] = []
  for (const [, closing, name, , selfClosing] of xml.matchAll(/<(\/?)([A-Za-z][\w:.-]*)((?:\s[^<>]*?)?)(\/?)>/g)) {
    if (closing && open.pop() !== name) throw new Error(`</${name}> closes nothing`)
    if (!closing && !selfClosing) open.push(name ?? '')
  }
  expect(open).toEqual([])
  expect(xml.replaceAll(/<[^<>]*>/g, '')).not.toMatch(/[<>]/)
}

/** Lines of pdffonts where the machine has it. */
function pdfFonts(pdf: Uint8Array): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'facetgrade-report-'))
  try {
    const path = join(folder, 'report.pdf')
    writeFileSync(path, pdf)
    return execFileSync('pdffonts', [path], { encoding: 'utf8' }).trim().split('\n').slice(2)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
