import { fontFaces } from '../drawing/node-fonts.ts'
import { reportBlocks } from '../sections/report-blocks.ts'
import { type ReportInput, reportSource } from '../sections/report-source.ts'
import { reportHtml } from './html.ts'
import { reportDocx } from './node-docx.ts'
import { reportPdf } from './node-pdf.ts'

export const REPORT_FORMATS = ['html', 'pdf', 'docx'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

export const MEDIA_TYPES: Readonly<Record<ReportFormat, string>> = {
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
}

/** The whole report of an evaluation as one file. The same input gives the same bytes, in every format. */
export async function reportFile(input: ReportInput, format: ReportFormat): Promise<Uint8Array> {
  const source = reportSource(input)
  const blocks = reportBlocks(source)
  switch (format) {
    case 'html': {
      const bare = reportHtml(source, blocks, '')
      return Buffer.from(reportHtml(source, blocks, await fontFaces(bare)))
    }
    case 'pdf':
      return reportPdf(source, blocks)
    case 'docx':
      return reportDocx(source, blocks)
  }
}
