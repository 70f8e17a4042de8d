declare module 'pdfmake/js/Printer.js' {
  import type { TDocumentDefinitions } from 'pdfmake/interfaces'

  type Fonts = Readonly<Record<string, { normal: string; bold: string }>>
  type PdfDocument = {
    on(event: 'data', listener: (chunk: Buffer) => void): unknown
    on(event: 'end', listener: () => void): unknown
    on(event: 'error', listener: (error: Error) => void): unknown
    end(): void
  }
  class Printer {
    constructor(fonts: Fonts, files: unknown, urls: unknown, mayRead: (path: string) => boolean)
    createPdfKitDocument(definition: TDocumentDefinitions): Promise<PdfDocument>
  }
  const module: { default: typeof Printer }
  export default module
}
declare module 'pdfmake/js/URLResolver.js' {
  class UrlResolver {
    constructor(files: unknown)
  }
  const module: { default: typeof UrlResolver }
  export default module
}
declare module 'pdfmake/js/virtual-fs.js' {
  const module: { default: unknown }
  export default module
}
