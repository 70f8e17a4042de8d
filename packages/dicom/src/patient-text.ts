import type { Dataset } from './dataset.ts'
import { Refusal } from './refusal.ts'
import { asciiText, valueBytes } from './values.ts'

/** Decoder labels of the character sets that Chinese archives use (PS3.3 §C.12.1.1.2). */
const DECODERS: Readonly<Record<string, string>> = {
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gb18030',
  'ISO 2022 IR 58': 'gb18030',
}
/** Designation of GB 2312 to G1 and back to ASCII; the bytes between are EUC-CN, which GB18030 contains. */
const DESIGNATIONS = new Set(['\x1b$)A', '\x1b(B'])

/**
 * Text of an identifying attribute, decoded as declared; a set that is undeclared, single-byte or wrong is tried as UTF-8,
 * then as GB18030, because GBK is often sent as ISO_IR 100. Needed to key it only: it is never kept.
 *
 * @throws {Refusal} TEXT_UNDECODABLE
 */
export function patientText(dataset: Dataset, tag: number): string {
  const element = dataset.elements.get(tag)
  if (element === undefined || element.length === 0) return ''
  if (element.length > 1024) throw new Refusal('TEXT_UNDECODABLE')
  const bytes = valueBytes(dataset, element)
  const plain = asciiText(dataset, tag) ?? ''
  if (/^[\x20-\x7e]*$/.test(plain)) return plain
  const declared = (asciiText(dataset, 0x00080005) ?? '').split('\\').map((name) => name.trim())
  const text = decodeDeclared(bytes, declared) ?? decodeAs(bytes, 'utf-8') ?? decodeAs(bytes, 'gb18030')
  if (text === undefined) throw new Refusal('TEXT_UNDECODABLE')
  return text.replace(/^[\s\0]+|[\s\0]+$/g, '').normalize('NFC')
}

function decodeDeclared(bytes: Uint8Array<ArrayBuffer>, declared: readonly string[]): string | undefined {
  const label = declared.map((name) => DECODERS[name]).find((name) => name !== undefined)
  if (label === undefined) return undefined
  if (!bytes.includes(0x1b)) return decodeAs(bytes, label)
  const binary = String.fromCharCode(...bytes)
  const designations = binary.match(/\x1b[^A-Z]*[A-Z]/g) ?? []
  if (!designations.every((escape) => DESIGNATIONS.has(escape))) throw new Refusal('TEXT_UNDECODABLE')
  const bare = binary.replaceAll('\x1b$)A', '').replaceAll('\x1b(B', '')
  return decodeAs(
    Uint8Array.from(bare, (character) => character.charCodeAt(0)),
    'gb18030',
  )
}

function decodeAs(bytes: Uint8Array<ArrayBuffer>, label: string): string | undefined {
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes)
    // Control characters and the private use area are what a wrong decoder leaves behind.
    return /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ue000-\uf8ff\ufffd]/.test(text.replace(/\0+$/, ''))
      ? undefined
      : text
  } catch {
    return undefined
  }
}
