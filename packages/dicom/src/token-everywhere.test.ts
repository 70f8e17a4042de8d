import { expect, test, vi } from 'vitest'
import { ALLOWED_TAGS, type Rule, SOP_CLASSES } from './allow-list.ts'
import { profileTags } from './profile-table.ts'
import { pseudonymise } from './pseudonymise.ts'
import { type Sample, sampleDicom, sampleElements, text } from './sample-dicom.ts'
import { createKeyFile, openStudyKey } from './study-key.ts'
import type { Vr } from './value-representation.ts'
import { verify } from './verify.ts'
import type { DicomElement } from './write-dicom.ts'

/**
 * Rules of de-identification, "Tests": a token in every attribute of the confidentiality table, every attribute that we
 * keep, a lattice of others, private groups, curves, overlays, nested sequences, file meta information, preamble; over
 * every text representation and encoding of a file. Then the output bytes are searched.
 */
// Each case reads and writes thousands of attributes; a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

const key = openStudyKey(createKeyFile('2026-01-01T00:00:00Z'), 'token')
const context = { defaultIssuer: 'ZQHOSPITALQZ', imagingPeriod: null }

const TEXT = '王ZQTOKENQZ'
const UID = '1.2.826.0.1.77777.31415926535'
const DATE = '19471103'
const TIME = '235901.987654'
const NUMBER = '13800138000'

/** What must not be found: each token in each way that a careless tool re-encodes it. */
const NEEDLES: readonly Buffer[] = [TEXT, 'ZQTOKENQZ', 'ZQHOSPITALQZ', UID, DATE, TIME.slice(0, 6), '987654', NUMBER]
  .flatMap((token) => {
    const utf8 = Buffer.from(token, 'utf8')
    return [
      utf8,
      Buffer.from(token, 'utf16le'),
      Buffer.from(token, 'utf16le').swap16(),
      Buffer.from(utf8.toString('latin1'), 'utf8'),
      Buffer.from(utf8.toString('base64').replace(/=+$/, '').slice(0, -1)),
      Buffer.from(utf8.toString('hex')),
      Buffer.from([...token].toReversed().join('')),
      Buffer.from(token.toLowerCase()),
    ]
  })
  .concat([Buffer.from([0xcd, 0xf5, 0x5a, 0x51])])

const TEXT_VRS: readonly Vr[] = [
  'AE',
  'CS',
  'LO',
  'LT',
  'PN',
  'SH',
  'ST',
  'UC',
  'UR',
  'UT',
  'UN',
  'OB',
  'OW',
  'UI',
  'DA',
  'TM',
  'DT',
  'DS',
  'IS',
  'AS',
]

const tokenOf = (vr: Vr): string =>
  vr === 'UI'
    ? UID
    : vr === 'DA'
      ? DATE
      : vr === 'TM'
        ? TIME
        : vr === 'DT'
          ? `${DATE}${TIME}`
          : vr === 'DS' || vr === 'IS'
            ? NUMBER
            : TEXT

/** Structure that a file needs to be read at all, and attributes whose malformed value holds the file (tested apart). */
const STRUCTURAL = new Set([
  0x00080016, 0x00080018, 0x0020000d, 0x0020000e, 0x00280002, 0x00280004, 0x00280008, 0x00280010, 0x00280011,
  0x00280100, 0x00280101, 0x00280102, 0x00280103, 0x7fe00010, 0x00080020, 0x00200032, 0x00200037, 0x00280030,
  0x00281052, 0x00281053, 0x00280301, 0x00080005, 0x00120063,
])

const lattice = [
  0x0008, 0x0010, 0x0012, 0x0018, 0x0020, 0x0028, 0x0032, 0x0038, 0x0040, 0x0054, 0x0070, 0x0088, 0x0400, 0x2050,
  0x4008,
].flatMap((group) => Array.from({ length: 40 }, (_, index) => group * 0x10000 + 0x0011 + index * 0x0647))
const ODD = [
  0x00090010, 0x00091001, 0x00191008, 0x00290010, 0x00291010, 0x7fdf0010, 0x50001001, 0x50003000, 0x60003000,
  0x60004000, 0x60020022,
]
const SEQUENCE_TAGS = new Set(
  [...SOP_CLASSES.values()]
    .flatMap((one) => allRules(one.rules))
    .filter(({ vr }) => vr === 'SQ')
    .map(({ tag }) => tag),
)
const PLANTED = [...new Set([...profileTags(), ...ALLOWED_TAGS, ...lattice, ...ODD])].filter(
  (tag) => !STRUCTURAL.has(tag) && tag >>> 16 > 2 && tag < 0xfffa0000,
)

function allRules(rules: readonly Rule[]): Rule[] {
  return rules.flatMap((rule) => [rule, ...(rule.action.kind === 'items' ? allRules(rule.action.rules) : [])])
}

const leaf = (tag: number, vr: Vr): DicomElement => text(tag, vr, tokenOf(vr))

/** An item with a token in every attribute, and a sequence in it, eight deep. */
function fullItem(vr: Vr, depth: number): DicomElement[] {
  const leaves = [...new Set([...ALLOWED_TAGS, 0x00081199, 0x0040a730])].filter(
    (tag) => !SEQUENCE_TAGS.has(tag) && !STRUCTURAL.has(tag) && tag !== 0x0040a730,
  )
  const inner: DicomElement[] =
    depth === 0
      ? []
      : [{ tag: 0x0040a730, vr: 'SQ', items: [fullItem(vr, depth - 1)], undefinedLength: depth % 2 === 0 }]
  return [...leaves.map((tag) => leaf(tag, vr)), ...inner]
}

function planted(vr: Vr): DicomElement[] {
  return PLANTED.map((tag) =>
    SEQUENCE_TAGS.has(tag) || tag === 0x0040a730
      ? { tag, vr: 'SQ', items: [fullItem(vr, tag === 0x0040a730 ? 8 : 1)] }
      : leaf(tag, vr),
  )
}

const find = (bytes: Uint8Array): string[] =>
  NEEDLES.filter((needle) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(needle)).map(String)

const preamble = new TextEncoder().encode(TEXT.repeat(8))
const meta: DicomElement[] = [
  text(0x00020016, 'AE', 'ZQTOKENQZ'),
  text(0x00020013, 'SH', 'ZQTOKENQZ'),
  text(0x00020100, 'UI', UID),
  { tag: 0x00020102, vr: 'OB', bytes: new TextEncoder().encode(TEXT) },
]

async function surviving(sample: Sample): Promise<string[]> {
  const outcome = await pseudonymise(sampleDicom(sample), key, context)
  if (outcome.outcome !== 'accepted') throw new Error(outcome.code)
  expect(await verify(outcome.bytes, { keyFingerprint: key.fingerprint })).toMatchObject({ outcome: 'clean' })
  const { bytes, ...told } = outcome
  return [...find(bytes), ...find(new TextEncoder().encode(JSON.stringify(told)))]
}

const KINDS = ['ct', 'mr', 'dx', 'cr', 'enhanced-ct'] as const
const SYNTAXES = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2']

test('more than a thousand attributes are planted', () => {
  expect(PLANTED.length).toBeGreaterThan(1000)
})

test.each(KINDS.flatMap((kind) => TEXT_VRS.map((vr) => [kind, vr] as const)))(
  'no token survives in a %s with %s everywhere',
  async (kind, vr) => {
    const kept = kind === 'enhanced-ct' ? new Set([0x52009229, 0x52009230]) : new Set<number>()
    const elements = planted(vr).filter(({ tag }) => !kept.has(tag))
    expect(await surviving({ kind, with: elements, write: { preamble, meta } })).toEqual([])
  },
)

test.each(SYNTAXES.flatMap((syntax) => (['LO', 'UN', 'PN', 'DA', 'UI'] as const).map((vr) => [syntax, vr] as const)))(
  'no token survives from %s with %s everywhere',
  async (transferSyntaxUid, vr) => {
    expect(await surviving({ with: planted(vr), write: { preamble, meta, transferSyntaxUid } })).toEqual([])
  },
)

test('no token survives in sequences of unknown representation (CP-246), defined or not', async () => {
  for (const undefinedLength of [true, false]) {
    const un = [0x00081140, 0x00082112, 0x00082218, 0x00091010, 0x00400555].map(
      (tag): DicomElement => ({
        tag,
        vr: 'UN',
        items: [[leaf(0x00081150, 'UI'), leaf(0x00081155, 'UI'), leaf(0x00080100, 'SH'), leaf(0x00080104, 'LO')]],
        undefinedLength,
      }),
    )
    expect(await surviving({ with: un })).toEqual([])
  }
})

test('no token survives in the unused bits of the pixels', async () => {
  const words = Uint16Array.from({ length: 256 }, (_, index) => ((TEXT.charCodeAt(index % 8) & 0xf) << 12) | index)
  const outcome = await pseudonymise(sampleDicom({ pixels: new Uint8Array(words.buffer) }), key, context)
  const bytes = outcome.outcome === 'accepted' ? outcome.bytes : new Uint8Array(0)
  const pixels = bytes.slice(-512)
  expect([...new Uint16Array(pixels.buffer)]).toEqual(Array.from({ length: 256 }, (_, index) => index))
})

test('refusals say nothing of the file', async () => {
  const outcomes = await Promise.all(
    [...STRUCTURAL].map((tag) => pseudonymise(sampleDicom({ with: [leaf(tag, 'LO')] }), key, context)),
  )
  const refusals = outcomes.filter(({ outcome }) => outcome !== 'accepted')
  expect(refusals.length).toBeGreaterThan(10)
  expect(find(new TextEncoder().encode(JSON.stringify(refusals)))).toEqual([])
})

test('the test itself sees a token: the original is full of them', () => {
  expect(find(sampleDicom({ with: planted('LO') })).length).toBeGreaterThan(2)
  expect(sampleElements().length).toBeGreaterThan(20)
})
