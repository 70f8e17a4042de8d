import { expect, test } from 'vitest'
import { contentHash } from './content-hash.ts'
import { extractFrame, storedValues } from './frames.ts'
import { parseDicom } from './parse.ts'
import { pseudonymise } from './pseudonymise.ts'
import type { PseudonymisedFile } from './pseudonymised-file.ts'
import { type Sample, sampleDicom, text, us } from './sample-dicom.ts'
import { createKeyFile, openStudyKey, type StudyKey } from './study-key.ts'
import { asciiText } from './values.ts'
import { verify } from './verify.ts'

const keyFile = createKeyFile('2026-01-01T00:00:00Z')
const key = openStudyKey(keyFile, 'study-a')
const context = { defaultIssuer: 'HOSPITAL', imagingPeriod: { from: '2023-01-01', to: '2023-12-31' } }

async function accepted(sample: Sample = {}, with_: StudyKey = key): Promise<PseudonymisedFile> {
  const outcome = await pseudonymise(sampleDicom(sample), with_, context)
  if (outcome.outcome !== 'accepted') throw new Error(outcome.code)
  return outcome
}

/** As the server finds it. */
async function pixelHashOf(file: PseudonymisedFile, by = key): Promise<string> {
  const outcome = await verify(file.bytes, { keyFingerprint: by.fingerprint })
  if (outcome.outcome !== 'clean') throw new Error(outcome.code)
  return outcome.pixelHash
}

async function codeOf(sample: Sample): Promise<string> {
  const outcome = await pseudonymise(sampleDicom(sample), key, context)
  return outcome.outcome === 'accepted' ? 'accepted' : `${outcome.outcome} ${outcome.code}`
}

const cleanText = (file: PseudonymisedFile, tag: number): string | undefined =>
  asciiText(parseDicom(file.bytes).dataset, tag)

test.each(['ct', 'mr', 'dx', 'cr', 'enhanced-ct'] as const)(
  'a plain %s is accepted and the server finds it clean',
  async (kind) => {
    const file = await accepted({ kind })
    expect(await verify(file.bytes, { keyFingerprint: key.fingerprint })).toMatchObject({
      outcome: 'clean',
      contentHash: await contentHash([file.bytes]),
      patientCode: file.patientCode,
    })
  },
)

test('the same file and key give the same bytes, another study other identifiers', async () => {
  const [first, second] = [await accepted(), await accepted()]
  expect(second.bytes).toEqual(first.bytes)
  const other = await accepted({}, openStudyKey(keyFile, 'study-b'))
  expect(other.patientCode).not.toBe(first.patientCode)
  expect(other.sopInstanceUid).not.toBe(first.sopInstanceUid)
  expect(await pixelHashOf(other, openStudyKey(keyFile, 'study-b'))).toBe(await pixelHashOf(first))
})

test('a patient is its issuer and id: a missing issuer takes the default, another issuer is another patient', async () => {
  const issuer = (value: string): Sample => ({ with: [text(0x00100021, 'LO', value)] })
  const plain = await accepted()
  expect(plain.patientCode).toMatch(/^P[0-9A-HJKMNP-TV-Z]{10}$/)
  expect((await accepted(issuer('HOSPITAL'))).patientCode).toBe(plain.patientCode)
  expect((await accepted(issuer('OTHER'))).patientCode).not.toBe(plain.patientCode)
})

test('a patient id in GBK has the same code however its character set is declared', async () => {
  const id = Uint8Array.of(0xd5, 0xc5, 0xc8, 0xfd, 0x30, 0x31)
  const declared = (set: string): Sample => ({
    with: [text(0x00080005, 'CS', set), { tag: 0x00100020, vr: 'LO', bytes: id }],
  })
  const utf8 = { with: [text(0x00080005, 'CS', 'ISO_IR 192'), text(0x00100020, 'LO', '张三01')] }
  const codes = await Promise.all(
    [declared('GB18030'), declared('GBK'), declared('ISO_IR 100'), declared('\\ISO 2022 IR 58'), utf8].map(
      async (sample) => (await accepted(sample)).patientCode,
    ),
  )
  expect(new Set(codes).size).toBe(1)
})

test('intervals between dates survive to the day, and no date stays', async () => {
  const file = await accepted({ with: [text(0x00080021, 'DA', '20230512'), text(0x00080022, 'DA', '20220510')] })
  const day = (tag: number): number => {
    const date = cleanText(file, tag) ?? ''
    return Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`) / 86_400_000
  }
  expect(day(0x00080021) - day(0x00080020)).toBe(2)
  expect(day(0x00080020) - day(0x00080022)).toBe(365)
  expect(cleanText(file, 0x00080020)).not.toBe('20230510')
})

test('age is counted before the dates move, and 90 stands for 90 and older', async () => {
  expect(cleanText(await accepted(), 0x00101010)).toBe('062Y')
  expect(cleanText(await accepted({ with: [text(0x00100030, 'DA', '19300101')] }), 0x00101010)).toBe('090Y')
  expect(
    cleanText(await accepted({ with: [text(0x00100030, 'DA', ''), text(0x00101010, 'AS', '018M')] }), 0x00101010),
  ).toBe('001Y')
})

test('whether the image lies in the period is decided from the true date', async () => {
  expect((await accepted()).envelope.imagedInPeriod).toBe(true)
  expect((await accepted({ with: [text(0x00080020, 'DA', '20240101')] })).envelope.imagedInPeriod).toBe(false)
  expect((await accepted({ with: [text(0x00080020, 'DA', '')] })).envelope.imagedInPeriod).toBeNull()
})

test('references between instances resolve after pseudonymisation', async () => {
  const target = await accepted({ with: [text(0x00080018, 'UI', '1.2.3.77')] })
  const file = await accepted({
    with: [
      {
        tag: 0x00081140,
        vr: 'SQ',
        items: [[text(0x00081150, 'UI', '1.2.840.10008.5.1.4.1.1.2'), text(0x00081155, 'UI', '1.2.3.77')]],
      },
    ],
  })
  expect(Buffer.from(file.bytes).includes(target.sopInstanceUid)).toBe(true)
})

test('geometry, rescale and pixels stay as they are', async () => {
  const file = await accepted()
  expect(cleanText(file, 0x00200032)).toBe('-100.5\\-80\\42.25')
  expect(cleanText(file, 0x00281052)).toBe('-1024')
  const frame = await extractFrame(file.bytes)
  expect([...storedValues(frame)].slice(0, 5)).toEqual([0, 1, 2, 3, 4])
  expect(frame.metadata).toMatchObject({
    rescaleIntercept: -1024,
    pixelSpacingMm: [0.5, 0.5],
    position: [-100.5, -80, 42.25],
  })
})

test('an overlay in unused high bits is cleared and does not change the pixel hash', async () => {
  const clean = await accepted()
  const words = Uint16Array.from({ length: 256 }, (_, index) => index | (index % 3 === 0 ? 0x8000 : 0))
  const file = await accepted({ pixels: new Uint8Array(words.buffer) })
  expect(await pixelHashOf(file)).toBe(await pixelHashOf(clean))
})

test('signed pixels keep their sign above the stored bits', async () => {
  const words = Int16Array.from({ length: 256 }, (_, index) => index - 128)
  const file = await accepted({ pixels: new Uint8Array(words.buffer), isSigned: true })
  expect([...storedValues(await extractFrame(file.bytes))].slice(0, 2)).toEqual([-128, -127])
})

test("the patient's own id does not stay inside a number that is kept", async () => {
  const file = await accepted({
    with: [text(0x00100020, 'LO', 'H-4711234'), text(0x00200011, 'IS', '4711234'), text(0x00200012, 'IS', '47')],
  })
  expect(cleanText(file, 0x00200011)).toBe('')
  expect(cleanText(file, 0x00200012)).toBe('47')
})

test('what this study has pseudonymised is passed on unchanged', async () => {
  const file = await accepted()
  const again = await pseudonymise(file.bytes, key, context)
  expect(again).toMatchObject({ outcome: 'accepted', alreadyPseudonymised: true, bytes: file.bytes })
  expect(await pseudonymise(file.bytes, openStudyKey(keyFile, 'study-b'), context)).toMatchObject({
    code: 'PSEUDONYMISED_ELSEWHERE',
  })
})

test.each<[string, Sample, string]>([
  ['a blank patient id', { with: [text(0x00100020, 'LO', '  ')] }, 'held PATIENT_ID_BLANK'],
  ['a blank instance UID', { with: [text(0x00080018, 'UI', '')] }, 'held UID_BLANK'],
  ['a UID that is text', { with: [text(0x0020000d, 'UI', 'Smith')] }, 'held UID_BLANK'],
  ['a malformed study date', { with: [text(0x00080020, 'DA', '2023-5-1')] }, 'held DATE_MALFORMED'],
  ['malformed geometry', { with: [text(0x00200037, 'DS', '1\\0\\0\\0\\1\\x')] }, 'held VALUE_MALFORMED'],
  [
    'a dose page stored as CT',
    { with: [text(0x00080008, 'CS', 'DERIVED\\SECONDARY\\DOSE_INFO')] },
    'held BURNED_IN_TEXT',
  ],
  ['a protocol page', { with: [text(0x0008103e, 'LO', 'Patient Protocol')] }, 'held BURNED_IN_TEXT'],
  ['a scanned film', { kind: 'cr', with: [text(0x00080064, 'CS', 'DF')] }, 'held BURNED_IN_TEXT'],
  ['declared burned-in text', { with: [text(0x00280301, 'CS', 'YES')] }, 'held BURNED_IN_TEXT'],
  [
    'a structured report',
    { with: [text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.88.22')] },
    'rejected SOP_CLASS_REFUSED',
  ],
  ['an unknown class', { with: [text(0x00080016, 'UI', '1.2.3')] }, 'rejected SOP_CLASS_REFUSED'],
  ['short pixels', { pixels: new Uint8Array(510) }, 'rejected PIXELS_LENGTH'],
  ['long pixels', { pixels: new Uint8Array(514) }, 'rejected PIXELS_LENGTH'],
  ['no pixels', { without: [0x7fe00010] }, 'rejected PIXELS_MISSING'],
  ['colour', { with: [us(0x00280002, 3), text(0x00280004, 'CS', 'RGB')] }, 'rejected PIXELS_UNSUPPORTED'],
  ['trailing bytes', { write: { trailing: Uint8Array.of(1, 2, 3) } }, 'rejected TRUNCATED'],
  [
    'a repeated attribute',
    { with: [text(0x00200013, 'IS', '1'), text(0x00200013, 'IS', '2')] },
    'held ELEMENT_DUPLICATE',
  ],
  [
    'attributes out of order',
    { write: { keepOrder: true }, with: [text(0x00080005, 'CS', 'ISO_IR 192')] },
    'held ELEMENT_MISORDERED',
  ],
  ['an unknown transfer syntax', { write: { transferSyntaxUid: '1.2.3' } }, 'rejected TRANSFER_SYNTAX_UNSUPPORTED'],
])('%s is refused by code', async (_, sample, code) => {
  expect(await codeOf(sample)).toBe(code)
})

test('a clean file is clean at an odd offset of a Node buffer too', async () => {
  const { bytes } = await accepted()
  const shifted = Buffer.concat([Buffer.of(0), bytes]).subarray(1)
  expect(await verify(shifted, { keyFingerprint: key.fingerprint })).toMatchObject({ outcome: 'clean' })
})

test('the server refuses an original, another key, and a clean file with one byte more', async () => {
  const options = { keyFingerprint: key.fingerprint }
  const { bytes } = await accepted()
  expect(await verify(sampleDicom(), options)).toMatchObject({ code: 'NOT_PSEUDONYMISED' })
  expect(await verify(bytes, { keyFingerprint: 'f'.repeat(32) })).toMatchObject({ code: 'KEY_MISMATCH' })
  const preamble = bytes.slice()
  preamble[3] = 65
  expect(await verify(preamble, options)).toMatchObject({ code: 'NOT_CLEAN' })
  const highBits = bytes.slice()
  highBits[highBits.length - 1] = 0x80
  expect(await verify(highBits, options)).toMatchObject({ code: 'NOT_CLEAN' })
})
