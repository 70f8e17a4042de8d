import type { Dataset } from './dataset.ts'
import { asciiText, asciiValues } from './values.ts'

/** Values of Image Type that name a page of text: Siemens "PROT", GE "SCREEN SAVE", dose and result pages. */
const PAGE_TYPE = /^(?:SCREEN[ _]?SAVE|SCREEN[ _]?SHOT|.*\bPROT|PATIENT[ _]PROTOCOL|DOSE.*|REPORT|SUMMARY|RESULTS?)$/i
const PAGE_DESCRIPTION = /patient protocol|dose (?:report|info|record|summary)|screen ?(?:save|shot)/i
/** Conversion Type (PS3.3 §C.8.6.1) of digitised film and video, workstation, drawing and scan. */
const CONVERTED = new Set(['DF', 'DV', 'WSD', 'SD', 'SI', 'DRW'])

/**
 * Whether the file says that text is burned into its pixels, or is of a kind that usually has it although its class is one
 * that we take: scanners store dose and protocol pages, with the patient's name, as CT images. "NO" decides nothing.
 */
export function isLikelyTextPage(dataset: Dataset): boolean {
  return (
    asciiText(dataset, 0x00280301)?.toUpperCase() === 'YES' ||
    CONVERTED.has(asciiText(dataset, 0x00080064) ?? '') ||
    asciiValues(dataset, 0x00080008).some((value) => PAGE_TYPE.test(value)) ||
    PAGE_DESCRIPTION.test(asciiText(dataset, 0x0008103e) ?? '')
  )
}
