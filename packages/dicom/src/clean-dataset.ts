import { type Action, ALLOWED_TAGS, REFERABLE_CLASSES, type Rule } from './allow-list.ts'
import { type ByteWriter, NUMBER_SIZE, readNumber } from './byte-writer.ts'
import { dayNumber } from './calendar-date.ts'
import { cleanKernel, cleanManufacturer, descriptionWords, isAnatomicalDirection, TERMS } from './clean-terms.ts'
import { ENTIRE_BODY, findConcept } from './coded-concepts.ts'
import { type Dataset, type Element, readItems } from './dataset.ts'
import { Refusal } from './refusal.ts'
import { asciiText, asciiValues, isDecimal } from './values.ts'

/** The keyed part: how identifiers and dates are rewritten. The verifier passes them through after judging their form. */
export type Rewrite = {
  uid(value: string): string
  date(value: string): string
  /** Whether a number that would stay contains one of the patient's own. */
  denies(value: string): boolean
}

type CleanInput = { dataset: Dataset; rules: readonly Rule[]; rewrite: Rewrite; own: ReadonlyMap<number, OwnValue> }
export type OwnValue = string | readonly { value: string; meaning: string }[]

const NO_OWN: ReadonlyMap<number, OwnValue> = new Map()

/** Attributes whose malformed value would change what the image means: the file is held instead of losing them. */
const ESSENTIAL = new Set([
  0x00080020, 0x00200032, 0x00200037, 0x00280030, 0x00281052, 0x00281053, 0x00280004, 0x00280101, 0x00280102,
  0x00280103,
])
const TEXT_VRS = new Set(['CS', 'SH', 'LO', 'DS', 'IS', 'UI', 'DA', 'DT', 'TM', 'AS', 'PN', 'LT', 'ST', 'UT', 'UC'])
export const UID = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+$/

/**
 * Writes the allowed part of a data set, rule by rule in tag order. What has no rule is never looked at.
 *
 * @throws {Refusal} an essential attribute is malformed
 */
export function writeClean(writer: ByteWriter, { dataset, rules, rewrite, own }: CleanInput): void {
  for (const rule of rules) {
    if (rule.action.kind === 'own') {
      writeOwn(writer, rule, own.get(rule.tag))
      continue
    }
    const element = dataset.elements.get(rule.tag)
    if (rule.action.kind === 'constant') {
      if (rule.whenEmpty === 'write' || element !== undefined) writer.text(rule.tag, rule.vr, rule.action.value)
      continue
    }
    const before = writer.length
    if (element !== undefined && element.length > 0 && hasVr(element, rule)) {
      writeRule(writer, rule, { dataset, element, rewrite })
      if (writer.length > before) continue
      if (ESSENTIAL.has(rule.tag) && asciiText(dataset, rule.tag) !== '')
        throw new Refusal(rule.tag === 0x00080020 ? 'DATE_MALFORMED' : 'VALUE_MALFORMED')
    }
    if (rule.whenEmpty === 'write' || (rule.whenEmpty === 'keep' && element !== undefined)) {
      writer.text(rule.tag, rule.vr, '')
    }
  }
}

function hasVr(element: Element, { vr, action }: Rule): boolean {
  const found = element.vr
  if (found === undefined || found === vr || found === 'UN') return true
  if (action.kind === 'binary' || action.kind === 'lut-descriptor') return vr === 'US' && found === 'SS'
  if (action.kind === 'lut') return found === 'US' || found === 'SS'
  if (action.kind === 'decimal' || action.kind === 'integer') return found === 'DS' || found === 'IS'
  return TEXT_VRS.has(found) && TEXT_VRS.has(vr)
}

function writeOwn(writer: ByteWriter, rule: Rule, value: OwnValue | undefined): void {
  if (value === undefined) return
  if (typeof value === 'string') return writer.text(rule.tag, rule.vr, value)
  const closeSequence = writer.openSequence(rule.tag)
  for (const code of value) writeCode(writer, { value: code.value, scheme: 'DCM', meaning: code.meaning })
  closeSequence()
}

function writeCode(writer: ByteWriter, code: { value: string; scheme: string; meaning: string }): void {
  const closeItem = writer.openItem()
  writer.text(0x00080100, 'SH', code.value)
  writer.text(0x00080102, 'SH', code.scheme)
  writer.text(0x00080104, 'LO', code.meaning)
  closeItem()
}

type Found = { dataset: Dataset; element: Element; rewrite: Rewrite }

/** Writes nothing when the value may not stay. */
function writeRule(writer: ByteWriter, rule: Rule, found: Found): void {
  const { action } = rule
  switch (action.kind) {
    case 'items':
      return writeItems(writer, rule, action, found)
    case 'concept':
    case 'concept-or-body':
      return writeConcepts(writer, rule, found)
    case 'binary':
      return writeBinary(writer, rule, { ...found, action })
    case 'lut-descriptor':
    case 'lut':
      return writeLut(writer, rule, found)
    case 'tag':
      return writeTagValue(writer, rule, found)
    default: {
      const text = cleanText(action, rule.tag, found)
      if (text !== '') writer.text(rule.tag, rule.vr, text)
    }
  }
}

type TextAction = Exclude<
  Action,
  { kind: 'items' } | { kind: 'binary' } | { kind: 'concept' | 'concept-or-body' | 'lut' | 'lut-descriptor' | 'tag' }
>

function cleanText(action: TextAction, tag: number, { dataset, rewrite }: Found): string {
  switch (action.kind) {
    case 'own':
    case 'constant':
    case 'empty':
      return ''
    case 'zero-time':
      return '000000'
    case 'uid':
      return cleanUids(asciiValues(dataset, tag), rewrite)
    case 'class':
      return REFERABLE_CLASSES.has(asciiText(dataset, tag) ?? '') ? (asciiText(dataset, tag) ?? '') : ''
    case 'date':
      return cleanDate(asciiText(dataset, tag) ?? '', rewrite)
    case 'datetime':
      return cleanDateTime(asciiText(dataset, tag) ?? '', rewrite)
    case 'term':
      return cleanTerms(asciiValues(dataset, tag), action.terms)
    case 'words':
      return descriptionWords(asciiText(dataset, tag) ?? '')
    case 'kernel':
      return cleanKernel(asciiValues(dataset, tag)[0] ?? '')
    case 'manufacturer':
      return cleanManufacturer(asciiText(dataset, tag) ?? '')
    case 'manufacturer-or-removed':
      return cleanManufacturer(asciiText(dataset, tag) ?? '') || 'REMOVED'
    case 'stack-id':
      return /^\d{1,4}$/.test(asciiText(dataset, tag) ?? '') ? (asciiText(dataset, tag) ?? '') : ''
    case 'direction': {
      const values = asciiValues(dataset, tag)
      return values.length === 2 && values.every(isAnatomicalDirection) ? values.join('\\') : ''
    }
    case 'decimal':
    case 'integer':
      return cleanNumbers(asciiValues(dataset, tag), action, rewrite)
  }
}

const cleanUids = (values: readonly string[], rewrite: Rewrite): string =>
  values.length > 0 && values.length <= 64 && values.every((value) => value.length <= 64 && UID.test(value))
    ? values.map((value) => rewrite.uid(value)).join('\\')
    : ''

const cleanDate = (text: string, rewrite: Rewrite): string => (dayNumber(text) === undefined ? '' : rewrite.date(text))

function cleanDateTime(text: string, rewrite: Rewrite): string {
  if (!/^\d{8}(?:\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?)?(?:[+-]\d{4})?$/.test(text)) return ''
  const date = cleanDate(text.slice(0, 8), rewrite)
  return date === '' ? '' : `${date}000000`
}

function cleanTerms(values: readonly string[], terms: keyof typeof TERMS): string {
  if (values.length > 32) return ''
  const known: ReadonlySet<string> = TERMS[terms]
  // The place of a value of Image Type has meaning, so an unknown one leaves a known word behind.
  if (terms === 'imageType') return values.map((value) => (known.has(value) ? value : 'OTHER')).join('\\')
  return values.filter((value) => known.has(value)).join('\\')
}

type Limits = { kind: 'decimal' | 'integer'; count: number | null; min: number; max: number }

function cleanNumbers(values: readonly string[], { kind, count, min, max }: Limits, rewrite: Rewrite): string {
  if (count === null ? values.length === 0 || values.length > 64 : values.length !== count) return ''
  const isAllowed = (text: string): boolean =>
    (kind === 'decimal' ? isDecimal(text) : /^[+-]?\d{1,12}$/.test(text)) &&
    Number(text) >= min &&
    Number(text) <= max &&
    !rewrite.denies(text)
  return values.every(isAllowed) ? values.join('\\') : ''
}

function writeItems(
  writer: ByteWriter,
  rule: Rule,
  action: Extract<Action, { kind: 'items' }>,
  { dataset, element, rewrite }: Found,
): void {
  const before = writer.length
  const closeSequence = writer.openSequence(rule.tag)
  for (const item of readItems(dataset, element)) {
    const start = writer.length
    const closeItem = writer.openItem()
    writeClean(writer, { dataset: item, rules: action.rules, rewrite, own: NO_OWN })
    const isEmpty = closeItem() === 0
    if ((isEmpty && !action.keepsEmpty) || !isComplete(item, action, rewrite)) writer.truncate(start)
  }
  if (closeSequence() === 0) writer.truncate(before)
}

/** Whether every required attribute of the item is one that stays; judged by writing it alone. */
function isComplete(item: Dataset, action: Extract<Action, { kind: 'items' }>, rewrite: Rewrite): boolean {
  return action.required.every((tag) => {
    const rule = action.rules.find((one) => one.tag === tag)
    const element = item.elements.get(tag)
    if (rule === undefined || element === undefined || !hasVr(element, rule)) return false
    if (rule.action.kind === 'lut' || rule.action.kind === 'lut-descriptor') return lutWords(item) !== undefined
    return cleanText(rule.action as TextAction, tag, { dataset: item, element, rewrite }) !== ''
  })
}

const SEQUENCE_HEADER = 12

function writeConcepts(writer: ByteWriter, rule: Rule, { dataset, element }: Found): void {
  const before = writer.length
  const closeSequence = writer.openSequence(rule.tag)
  for (const item of readItems(dataset, element)) {
    const concept = findConcept(asciiText(item, 0x00080102) ?? '', asciiText(item, 0x00080100) ?? '')
    if (concept) writeCode(writer, concept)
  }
  if (writer.length === before + SEQUENCE_HEADER && rule.action.kind === 'concept-or-body')
    writeCode(writer, ENTIRE_BODY)
  if (closeSequence() === 0) writer.truncate(before)
}

type BinaryVr = keyof typeof NUMBER_SIZE

function writeBinary(
  writer: ByteWriter,
  rule: Rule,
  { dataset, element, action }: Found & { action: Extract<Action, { kind: 'binary' }> },
): void {
  const vr = (element.vr === 'SS' ? 'SS' : rule.vr) as BinaryVr
  const size = NUMBER_SIZE[vr]
  const count = element.length / size
  if (element.isUndefinedLength || (action.count === null ? count > 64 : count !== action.count)) return
  if (!Number.isInteger(count)) return
  const { view } = dataset.source
  const littleEndian = element.vr === 'UN' || dataset.syntax.littleEndian
  const values = Array.from({ length: count }, (_, index) =>
    readNumber(view, { at: element.start + index * size, vr, littleEndian }),
  )
  if (values.every((value) => isPlausible(value) && value >= action.min && value <= action.max)) {
    writer.numbers(rule.tag, vr, values.map(rounded))
  }
}

/** Eight characters make a double too, but hardly one of a physical size that survives rounding to nine digits. */
const isPlausible = (value: number): boolean => value === 0 || (Math.abs(value) >= 1e-9 && Math.abs(value) <= 1e9)
const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(9)))

const words16 = (dataset: Dataset, tag: number): number[] | undefined => {
  const element = dataset.elements.get(tag)
  if (element === undefined || element.isUndefinedLength || element.length % 2 !== 0 || element.length > 131_072) {
    return undefined
  }
  const { view } = dataset.source
  return Array.from({ length: element.length / 2 }, (_, index) =>
    view.getUint16(element.start + index * 2, dataset.syntax.littleEndian),
  )
}

/** A look-up table of grey values: as long as its descriptor says, and rising or falling throughout, so that it cannot carry text. */
function lutWords(item: Dataset): { descriptor: number[]; data: number[] } | undefined {
  const descriptor = words16(item, 0x00283002)
  const data = words16(item, 0x00283006)
  if (descriptor?.length !== 3 || data === undefined) return undefined
  const [count = 0, , bits = 0] = descriptor
  if (data.length !== (count === 0 ? 65_536 : count) || bits < 8 || bits > 16) return undefined
  const isRising = data.every((value, index) => index === 0 || value >= (data[index - 1] ?? 0))
  const isFalling = data.every((value, index) => index === 0 || value <= (data[index - 1] ?? 0))
  return isRising || isFalling ? { descriptor, data } : undefined
}

function writeLut(writer: ByteWriter, rule: Rule, { dataset, element }: Found): void {
  const lut = lutWords(dataset)
  if (lut === undefined) return
  if (rule.action.kind === 'lut-descriptor') {
    // The words are kept as they are; only the second may be signed, and the representation says so.
    const signed = (word: number): number => (element.vr === 'SS' && word > 0x7fff ? word - 0x10000 : word)
    return writer.numbers(rule.tag, element.vr === 'SS' ? 'SS' : 'US', lut.descriptor.map(signed))
  }
  const bytes = new Uint8Array(lut.data.length * 2)
  lut.data.forEach((word, index) => {
    bytes[index * 2] = word & 0xff
    bytes[index * 2 + 1] = word >>> 8
  })
  writer.bytes(rule.tag, 'OW', bytes)
}

function writeTagValue(writer: ByteWriter, rule: Rule, { dataset, element }: Found): void {
  if (element.length !== 4 || element.isUndefinedLength) return
  const { view } = dataset.source
  const littleEndian = element.vr === 'UN' || dataset.syntax.littleEndian
  const group = view.getUint16(element.start, littleEndian)
  const member = view.getUint16(element.start + 2, littleEndian)
  if (ALLOWED_TAGS.has(group * 0x10000 + member))
    writer.bytes(rule.tag, 'AT', Uint8Array.of(group & 0xff, group >>> 8, member & 0xff, member >>> 8))
}
